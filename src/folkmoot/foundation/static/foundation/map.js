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

// Areas under the signs: polygons are filled, points are round; the class gives the colour.
function ground(areas, lines) {
  const heat = ["match", ["get", "class"], ...CLASSES.flatMap((step) => [step, plain(ink(`--fm-heat-${step}`))]), plain(ink("--fm-grid"))];
  const style = {
    version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": plain(ink("--fm-raised")) } }],
  };
  if (areas) {
    style.sources.areas = { type: "geojson", data: areas };
    style.layers.push(
      { id: "filled", type: "fill", source: "areas", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": heat, "fill-outline-color": plain(ink("--fm-edge")) } },
      { id: "round", type: "circle", source: "areas", filter: ["==", ["geometry-type"], "Point"], paint: {
        "circle-color": heat, "circle-stroke-color": plain(ink("--fm-edge")), "circle-stroke-width": 1,
        "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 8, 4, 11, 12, 13, 26, 16, 60],
      } });
  }
  if (lines) {
    style.sources.lines = { type: "geojson", data: lines };
    style.layers.push({ id: "lines", type: "line", source: "lines", paint: { "line-color": plain(ink("--fm-edge")), "line-width": 1.2, "line-opacity": 0.7 } });
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

async function draw(section) {
  const places = given(section, "[data-fm-places]");
  const areas = given(section, "[data-fm-areas]");
  const lines = given(section, "[data-fm-lines]");
  const library = await import(section.dataset.library);
  library.setWorkerUrl?.(section.dataset.worker);
  const box = section.querySelector("[data-fm-canvas]");
  const points = [...places.features, ...(areas?.features ?? [])].flatMap((each) => corners(each.geometry.coordinates));
  if (!points.length) return;
  box.parentElement.hidden = false;
  const bounds = points.reduce((all, point) => all.extend(point), new library.LngLatBounds(points[0], points[0]));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new library.Map({
    container: box, bounds, fitBoundsOptions: { padding: 48, maxZoom: 14 }, attributionControl: false, keyboard: false,
    fadeDuration: 0, style: ground(areas, lines),
  });
  places.features.forEach((place, index) => sign(library, map, place.geometry.coordinates, String(index + 1), place.properties.sign));
  const canvas = map.getCanvas();
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", box.dataset.name);
  canvas.removeAttribute("tabindex");
  const said = section.querySelector("[data-fm-said]");
  const told = section.querySelector("[data-fm-told]");
  const move = { duration: calm ? 0 : 300 };
  section.querySelectorAll("[data-fm-move]").forEach((button) => button.addEventListener("click", () => {
    const way = button.dataset.fmMove;
    if (way === "in") map.zoomIn(move); else if (way === "out") map.zoomOut(move); else map.panBy(SHIFT[way], move);
    said.textContent = button.textContent;
  }));
  if (areas) {
    map.on("click", (event) => {
      const [area] = map.queryRenderedFeatures(event.point, { layers: ["filled", "round"] });
      if (area) told.textContent = [area.properties.name, area.properties.tells].filter(Boolean).join(": ");
    });
  }
  if (section.dataset.chooseLon) choosing(section, library, map, said);
  map.once("idle", () => { section.dataset.drawn = "true"; });
}

document.querySelectorAll("[data-fm-map]").forEach(draw);
