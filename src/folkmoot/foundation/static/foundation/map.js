// Draw the places of a [data-fm-map] section with MapLibre, over no tiles: ours come from this page, nothing from elsewhere.
const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const plain = (colour) => {
  const probe = document.createElement("span");
  probe.className = "fm-hidden";
  document.body.append(probe);
  probe.style.color = colour;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};
const SHIFT = { north: [0, -120], south: [0, 120], west: [-120, 0], east: [120, 0] };

async function draw(section) {
  const places = JSON.parse(section.querySelector("[data-fm-places]").textContent);
  const library = await import(section.dataset.library);
  library.setWorkerUrl?.(section.dataset.worker);
  const box = section.querySelector("[data-fm-canvas]");
  box.parentElement.hidden = false;
  const points = places.features.map((place) => place.geometry.coordinates);
  const bounds = points.reduce((all, point) => all.extend(point), new library.LngLatBounds(points[0], points[0]));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new library.Map({
    container: box, bounds, fitBoundsOptions: { padding: 48, maxZoom: 14 }, attributionControl: false, keyboard: false,
    fadeDuration: 0, style: {
      version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": plain(ink("--fm-raised")) } }],
    },
  });
  // Numbered signs, as in the table: letters drawn by the library would need its fonts from elsewhere.
  places.features.forEach((place, index) => {
    const sign = document.createElement("span");
    sign.className = "fm-map__sign";
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = String(index + 1);
    new library.Marker({ element: sign, anchor: "center" }).setLngLat(place.geometry.coordinates).addTo(map);
    sign.removeAttribute("tabindex");
    sign.removeAttribute("role");
    sign.removeAttribute("aria-label");
  });
  const canvas = map.getCanvas();
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", box.dataset.name);
  canvas.removeAttribute("tabindex");
  const said = section.querySelector("[data-fm-said]");
  const move = { duration: calm ? 0 : 300 };
  section.querySelectorAll("[data-fm-move]").forEach((button) => button.addEventListener("click", () => {
    const way = button.dataset.fmMove;
    if (way === "in") map.zoomIn(move); else if (way === "out") map.zoomOut(move); else map.panBy(SHIFT[way], move);
    said.textContent = button.textContent;
  }));
  map.once("idle", () => { section.dataset.drawn = "true"; });
}

document.querySelectorAll("[data-fm-map]").forEach(draw);
