// The board renews itself once a minute, politely: never while somebody's focus is in it, and not at all while paused.
const EVERY = 60000;
const bar = document.querySelector("[data-wd-live]");
const button = document.querySelector("[data-wd-pause]");
const region = document.querySelector("[data-fm-saying]");
let paused = false;
bar.hidden = false;
button.addEventListener("click", () => {
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
});
const renew = async () => {
  const board = document.getElementById("board");
  if (paused || document.hidden || board.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { "X-Renewal": "board" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
  if (!fresh || fresh.textContent === board.textContent) return;
  board.replaceWith(fresh);
  if (region) region.textContent = fresh.dataset.said;
};
setInterval(() => renew().catch(() => {}), EVERY);
