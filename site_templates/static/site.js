// The whole script of the public site. Without it everything works; with it the elder mode is remembered and 打印 is a button.
(() => {
  const key = "elder", box = document.getElementById(key);
  const kept = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(key) === "1";
      value ? localStorage.setItem(key, "1") : localStorage.removeItem(key);
    } catch { /* storage is closed: the choice holds for this page */ }
    return false;
  };
  if (box) {
    box.checked = kept() || box.checked;
    box.addEventListener("change", () => kept(box.checked));
    addEventListener("storage", (event) => { if (event.key === key) box.checked = event.newValue === "1"; });
  }
  document.querySelectorAll("[data-print]").forEach((place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button second small";
    button.textContent = place.dataset.print;
    button.addEventListener("click", () => print());
    place.append(button);
  });
})();
