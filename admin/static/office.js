// Comfort only: every page works without this file.
(() => {
  const faults = document.getElementById("faults");
  if (faults) faults.focus();

  const form = document.querySelector("form.writing");
  if (!form) return;

  // A live preview of the body beside the field, rendered and cleaned by the server.
  const body = form.querySelector("#body");
  if (body) {
    const pane = document.createElement("section");
    pane.className = "live prose";
    pane.setAttribute("aria-label", "正文预览");
    pane.tabIndex = 0;
    body.closest(".field").classList.add("with-preview");
    body.after(pane);
    let timer, turn = 0;
    const show = async () => {
      const mine = ++turn;
      const data = new FormData();
      data.set("csrf_token", form.elements.csrf_token.value);
      data.set("body", body.value);
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: data });
        const text = await answer.text();
        if (mine !== turn) return;
        if (answer.ok) pane.innerHTML = text;
        else pane.textContent = answer.status === 422 ? text : "预览暂时不可用，内容不受影响。";
      } catch {
        pane.textContent = "网络不通，预览暂停，内容不受影响。";
      }
    };
    body.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 500); });
    show();
  }

  // Leaving with unsaved text asks first.
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
