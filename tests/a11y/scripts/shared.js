() => {
  if (window.fm) return;
  const fm = (window.fm = {});
  fm.planted = (el) => Boolean(el?.closest?.("[data-plant]"));
  fm.where = (el) => {
    if (!el || el === document) return "page";
    const name = el.tagName.toLowerCase();
    const id = el.id ? `#${el.id}` : "";
    const look = typeof el.className === "string" && el.className ? `.${el.className.trim().split(/\s+/)[0]}` : "";
    const words = (el.textContent || "").trim().replace(/\s+/g, " ").slice(0, 30);
    return `${name}${id}${look}${words ? ` “${words}”` : ""}`;
  };
  fm.row = (rule, el, says) => ({ rule, where: fm.where(el), says, planted: fm.planted(el) });
  fm.shown = (el) => {
    if (!el.checkVisibility({ visibilityProperty: true })) return false;
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  // Hidden from eyes on purpose (read aloud only).
  fm.unseen = (el) => {
    for (let at = el; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath.startsWith("inset(50%") || style.clip.startsWith("rect(0px") || style.clip.startsWith("rect(1px")) return true;
      const box = at.getBoundingClientRect();
      if (style.overflow === "hidden" && box.width <= 1 && box.height <= 1) return true;
      if (style.position === "absolute" && box.right <= 0) return true;
    }
    return false;
  };
  const rgb = (colour) => {
    const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const light = ([r, g, b]) => {
    const part = (v) => ((v /= 255), v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  fm.contrast = (one, two) => {
    const [a, b] = [light(rgb(one)), light(rgb(two))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  // The colour behind an element, or null where an image or a gradient is.
  fm.ground = (el) => {
    for (let at = el; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      if (rgb(style.backgroundColor)[3] === 1) return style.backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
}
