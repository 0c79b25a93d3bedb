// Says what htmx brings: the words of [data-say] are put into the region at the foot of the page, at most once in ten seconds
// ([data-say=now] at once), because many small announcements are worse than none.
const region = document.querySelector("[data-fm-saying]");
const PAUSE = 10000;
let last = -PAUSE;
let waiting;
const say = (words) => {
  last = performance.now();
  region.textContent = words;
};
document.addEventListener("htmx:after:swap", () => {
  const found = document.querySelector("[data-say]");
  if (!region || !found || found.textContent.trim() === region.textContent) return;
  clearTimeout(waiting);
  const words = found.textContent.trim();
  const wait = found.dataset.say === "now" ? 0 : Math.max(0, last + PAUSE - performance.now());
  waiting = setTimeout(say, wait, words);
});
