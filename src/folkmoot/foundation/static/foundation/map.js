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
const CLASSES = [1, 2, 3, 4, 5];
const given = (section, name) => {
  const found = section.querySelector(name);
  return found ? JSON.parse(found.textContent) : null;
};
const corners = (coordinates) => (typeof coordinates[0] === "number" ? [coordinates] : coordinates.flatMap(corners));

// Roads and desire lines: the class gives colour and width, so that neither is alone. Widths grow with the zoom, or they
// would hide their neighbours; a line with `side` lies to the left of its own direction.
const RAMPS = {
  flow: { ink: ["flow-1", "flow-2", "flow-3", "flow-4", "flow-5"], width: [1, 1.8, 3, 4.4, 6] },
  change: { ink: ["less-2", "less-1", "same", "more-1", "more-2"], width: [5, 3, 1, 3, 5] },
};
const PIXELS = [[9, 0.6], [12, 1], [15, 2], [18, 4]];

function weighted(ramp) {
  const { ink: names, width } = RAMPS[ramp];
  const by = (values, otherwise) => ["match", ["get", "class"], ...CLASSES.flatMap((step) => [step, values[step - 1]]), otherwise];
  const wide = ["coalesce", ["get", "width"], by(width, 1)];
  const grown = (value) => ["interpolate", ["exponential", 2], ["zoom"], ...PIXELS.flatMap(([zoom, scale]) => [zoom, ["*", scale, value]])];
  const layer = (id, filter, paint = {}) => ({
    id, type: "line", source: "lines", filter: ["all", ["has", "class"], filter],
    layout: { "line-cap": paint["line-dasharray"] ? "butt" : "round", "line-join": "round", "line-sort-key": ramp === "flow" ? ["get", "class"] : ["abs", ["-", ["get", "class"], 3]] },
    paint: {
      "line-color": by(names.map((name) => plain(ink(`--fm-${name}`))), plain(ink("--fm-edge"))), "line-width": grown(wide),
      "line-offset": grown(["case", ["to-boolean", ["get", "side"]], ["-", 0, ["/", wide, 2]], 0]), ...paint,
    },
  });
  const less = ["<", ["get", "class"], 3];
  if (ramp === "flow") return [layer("weighted", true)];
  return [layer("weighted", ["!", less]), layer("weighted-less", less, { "line-dasharray": [2, 0.7] })];
}

// Areas under the signs: polygons are filled, points are round; the class gives the colour. One without is an outline.
function ground(areas, lines, ramp) {
  const heat = ["match", ["get", "class"], ...CLASSES.flatMap((step) => [step, plain(ink(`--fm-heat-${step}`))]), plain(ink("--fm-paper"))];
  const edge = ["case", ["has", "class"], plain(ink("--fm-edge")), plain(ink("--fm-rule"))];
  const style = {
    version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": plain(ink("--fm-raised")) } }],
  };
  if (areas) {
    style.sources.areas = { type: "geojson", data: areas };
    style.layers.push(
      { id: "filled", type: "fill", source: "areas", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": heat, "fill-outline-color": edge } },
      { id: "round", type: "circle", source: "areas", filter: ["==", ["geometry-type"], "Point"], paint: {
        "circle-color": heat, "circle-stroke-color": plain(ink("--fm-edge")), "circle-stroke-width": 1,
        "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 8, 4, 11, 12, 13, 26, 16, 60],
      } });
  }
  if (lines) {
    style.sources.lines = { type: "geojson", data: lines };
    style.layers.push({ id: "lines", type: "line", source: "lines", filter: ["!", ["has", "class"]], paint: { "line-color": plain(ink("--fm-edge")), "line-width": 1.2, "line-opacity": 0.7 } }, ...weighted(ramp));
  }
  return style;
}

// Numbered signs, as in the table: letters drawn by the library would need its fonts from elsewhere.
function sign(library, map, coordinates, text, kind) {
  const element = document.createElement("span");
  element.className = `fm-map__sign${kind ? ` fm-map__sign--${kind}` : ""}`;
  element.textContent = text;
  const marker = new library.Marker({ element, anchor: "center" }).setLngLat(coordinates).addTo(map);
  for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
  element.setAttribute("aria-hidden", "true");
  return marker;
}

// A press fills two inputs, and typing in the inputs moves the sign: the map is one way of two.
function choosing(section, library, map, said) {
  const [lon, lat] = ["lon", "lat"].map((axis) => document.querySelector(`[name="${section.dataset[axis === "lon" ? "chooseLon" : "chooseLat"]}"]`));
  if (!lon || !lat) return;
  let marker = null;
  const place = () => {
    const at = [lon, lat].map((input) => (input.value.trim() === "" ? NaN : Number(input.value)));
    if (!at.every(Number.isFinite) || Math.abs(at[0]) > 180 || Math.abs(at[1]) > 90) return;
    if (marker) marker.setLngLat(at); else marker = sign(library, map, at, "+", "new");
  };
  for (const input of [lon, lat]) input.addEventListener("input", place);
  map.on("click", (event) => {
    lon.value = event.lngLat.lng.toFixed(5);
    lat.value = event.lngLat.lat.toFixed(5);
    for (const input of [lon, lat]) input.dispatchEvent(new Event("change", { bubbles: true }));
    place();
    said.textContent = section.dataset.chosen.replace("LON", lon.value).replace("LAT", lat.value);
  });
  place();
}

// A press tells the line or else the area under it; the row of a line's table is marked, and an input may take its key.
function telling(section, map, said) {
  const told = section.querySelector("[data-fm-told]");
  const input = section.dataset.chooseLine ? document.querySelector(`[name="${section.dataset.chooseLine}"]`) : null;
  const layers = ["weighted", "weighted-less", "filled", "round"].filter((id) => map.getLayer(id));
  map.on("click", ({ point }) => {
    const around = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
    const near = map.queryRenderedFeatures(around, { layers: layers.filter((id) => id.startsWith("weighted")) });
    const [found] = near.length ? near : map.queryRenderedFeatures(point, { layers });
    if (!found) return;
    const { key, name, tells } = found.properties;
    told.textContent = [name, tells].filter(Boolean).join(": ");
    for (const row of section.querySelectorAll("[data-fm-line]")) {
      if (row.dataset.fmLine === String(key)) row.dataset.pressed = "true"; else delete row.dataset.pressed;
    }
    if (!input || key === undefined) return;
    input.value = key;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    said.textContent = section.dataset.chosenLine.replace("NAME", name || key);
  });
}

async function draw(section) {
  const places = given(section, "[data-fm-places]");
  const areas = given(section, "[data-fm-areas]");
  const asked = section.dataset.lines ? fetch(section.dataset.lines, { credentials: "same-origin" }) : null;
  const library = await import(section.dataset.library);
  // What cannot be fetched leaves the map undrawn: the table beside it holds what matters.
  const answer = asked && await asked;
  if (answer && !answer.ok) return;
  const lines = answer ? await answer.json() : given(section, "[data-fm-lines]");
  library.setWorkerUrl?.(section.dataset.worker);
  const box = section.querySelector("[data-fm-canvas]");
  // Roads are what a map of roads is about; faint lines only join places.
  const roads = (lines?.features ?? []).filter((each) => each.properties.class !== undefined);
  const points = [...places.features, ...(areas?.features ?? []), ...roads].flatMap((each) => corners(each.geometry.coordinates));
  if (!points.length) return;
  box.parentElement.hidden = false;
  const bounds = points.reduce((all, point) => all.extend(point), new library.LngLatBounds(points[0], points[0]));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new library.Map({
    container: box, bounds, fitBoundsOptions: { padding: 48, maxZoom: 14 }, attributionControl: false, keyboard: false,
    fadeDuration: 0, style: ground(areas, lines, section.dataset.ramp),
  });
  places.features.forEach((place, index) => sign(library, map, place.geometry.coordinates, String(index + 1), place.properties.sign));
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
  if (areas || lines) map.once("load", () => telling(section, map, said));
  if (section.dataset.chooseLon) choosing(section, library, map, said);
  map.once("idle", () => { section.dataset.drawn = "true"; });
}

document.querySelectorAll("[data-fm-map]").forEach(draw);
