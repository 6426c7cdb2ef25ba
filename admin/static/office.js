// Comfort only: every page works without this file.
(() => {
  const faults = document.getElementById("faults");
  if (faults) faults.focus();

  // Organs offered while a name is typed; without a script the whole name is typed, and the server tells which fit.
  let asked = 0;
  const offered = document.getElementById("organs-found");
  document.addEventListener("input", async (event) => {
    if (!event.target.matches?.("[data-lookup]")) return;
    const mine = ++asked;
    const answer = await fetch(`/admin/lookup/?q=${encodeURIComponent(event.target.value)}`).catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    const { found } = await answer.json();
    offered.replaceChildren(...found.map((name) => Object.assign(document.createElement("option"), { value: name })));
  });

  // The slash leads to the search box, unless somebody is typing.
  const find = document.getElementById("find");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (!find || event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    find.focus();
  });

  const form = document.querySelector("form.writing");
  if (!form) return;

  // What is typed is kept on the server a few seconds later, and who else has the form open is said.
  const KEEP_MS = 4000, HERE_MS = 25000, IDLE_MS = 300000;
  const note = document.getElementById("kept"), others = document.getElementById("others");
  let typed = false, leaving = false, waiting, busyAt = Date.now();
  const told = (answer) => {
    others.hidden = !answer.others.length;
    if (answer.others.length) others.textContent = `${answer.others.join("、")}正在修改同一份稿件，保存前请先商量。`;
  };
  const reasonOf = (page) => {
    const said = new DOMParser().parseFromString(page, "text/html").querySelector("main p");
    return said ? said.textContent.trim() : "服务器没有接受，内容还在这一页上。";
  };
  const send = async (isHere) => {
    const data = isHere ? new FormData() : new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("csrf_token", form.elements.csrf_token.value);
    if (isHere) data.set("_here", "1");
    else typed = false;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: data, redirect: "error" });
      const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
      if (answer.ok && said) {
        told(said);
        if (!isHere) note.textContent = `已自动保存 ${said.kept}，还没有存入草稿。`;
        return;
      }
      if (!isHere) note.textContent = said ? said.message : `没有自动保存：${reasonOf(await answer.text())}`;
    } catch {
      if (!isHere) note.textContent = "网络不通，没有自动保存；内容还在这一页上。";
    }
    if (!isHere) typed = true;
  };
  const keepSoon = () => { waiting ||= setTimeout(() => { waiting = 0; if (typed && !leaving) send(false); }, KEEP_MS); };
  form.addEventListener("input", () => { typed = true; keepSoon(); });
  // Who has left the desk is not here: a page left open does not hold the sign-in open.
  const busy = () => {
    const was = busyAt;
    busyAt = Date.now();
    if (busyAt - was > IDLE_MS) send(true);
  };
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel"]) document.addEventListener(sign, busy, { passive: true });
  setInterval(() => {
    if (typed) keepSoon();
    else if (!document.hidden && Date.now() - busyAt < IDLE_MS) send(true);
  }, HERE_MS);
  document.addEventListener("visibilitychange", () => { if (document.hidden && typed && !leaving) send(false); });

  // Leaving with text that is kept nowhere asks first.
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (typed && !leaving) event.preventDefault(); });
})();
