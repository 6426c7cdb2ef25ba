// The form of an edition: rows that repeat, files by drag and drop, the public page beside it. Each has its way without a script.
(() => {
  const form = document.querySelector("form.writing");
  if (!form) return;
  const say = (text) => { document.getElementById("kept").textContent = text; };
  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  // Rows: added, moved and removed on the spot; Alt with an arrow moves the row one is in.
  const rowsOf = (list) => [...list.querySelectorAll(":scope > .row, :scope > .file")];
  const NUMBERED = ["name", "id", "for", "value", "aria-describedby", "aria-label", "list"];
  const renumber = (list) => {
    const rows = rowsOf(list), name = list.id;
    rows.forEach((row, place) => {
      const pattern = new RegExp(`^(${name})-(?:\\d+|__n__)-`), said = new RegExp(`(^|\\s)(${name})-(?:\\d+|__n__)-`, "g");
      for (const each of [row, ...row.querySelectorAll("*")]) for (const attribute of NUMBERED) {
        const value = each.getAttribute(attribute);
        if (value === null || (attribute === "value" && each.name !== "_rows")) continue;
        if (attribute === "value") each.setAttribute("value", value.replace(/:(?:\d+|__n__):/, `:${place}:`));
        else if (attribute === "aria-label") each.setAttribute(attribute, value.replace(/第(?:\d+|__n__)项/, `第${place + 1}项`));
        else each.setAttribute(attribute, attribute === "aria-describedby" ? value.replace(said, `$1$2-${place}-`) : value.replace(pattern, `$1-${place}-`));
      }
      const number = row.querySelector("legend .no, label .no");
      if (number) number.textContent = place + 1;
      for (const button of row.querySelectorAll('button[value$=":up"], button[value$=":down"]')) button.hidden = button.value.endsWith(":up") ? !place : place === rows.length - 1;
    });
  };
  const first = (row) => row.querySelector("input:not([type=hidden]), textarea, select");
  const add = (list) => {
    const template = list.querySelector(":scope > template");
    const row = template.content.firstElementChild.cloneNode(true);
    list.insertBefore(row, list.querySelector(":scope > button.add") || template);
    renumber(list);
    return row;
  };
  const remove = (list, row) => {
    const next = row.nextElementSibling, number = rowsOf(list).indexOf(row) + 1;
    row.remove();
    renumber(list);
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "plain undo", textContent: `撤销删除第${number}项` });
    list.querySelector(":scope > .undo")?.remove();
    undo.addEventListener("click", () => { list.insertBefore(row, next?.isConnected ? next : list.querySelector(":scope > button.add, :scope > template")); undo.remove(); renumber(list); first(row)?.focus(); changed(); });
    list.append(undo);
    undo.focus();
    say(`已删除第${number}项，可以撤销。`);
  };
  const move = (list, row, step) => {
    const rows = rowsOf(list), here = rows.indexOf(row), other = rows[here + step];
    if (!other) return false;
    if (step < 0) other.before(row); else other.after(row);
    renumber(list);
    say(`已移到第${here + step + 1}项。`);
    return true;
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="_rows"]'), list = button?.closest(".rows");
    if (!list) return;
    const act = button.value.split(":").pop();
    if (act === "add" && !list.querySelector(":scope > template")) return;
    event.preventDefault();
    if (act === "add") first(add(list))?.focus();
    else if (act === "remove") remove(list, button.closest(".row, .file"));
    else { move(list, button.closest(".row, .file"), act === "up" ? -1 : 1); (button.hidden ? button.parentElement.querySelector("button:not([hidden])") : button).focus(); }
    changed();
  });
  form.addEventListener("keydown", (event) => {
    const row = event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) && event.target.closest(".rows > .row, .rows > .file");
    if (!row || event.target.localName === "select") return;
    event.preventDefault();
    const focused = document.activeElement;
    if (move(row.parentElement, row, event.key === "ArrowUp" ? -1 : 1)) { focused.focus(); changed(); }
  });

  // Files: dropped or chosen, sent one by one with their progress, and shown with size and hash.
  const files = document.getElementById("attachments"), input = document.getElementById("files");
  if (files && input) {
    const drop = files.querySelector(".drop");
    const sizeOf = (bytes) => bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
    const show = (said) => {
      const row = add(files);
      row.querySelector('[name$="-reference"]').value = said.reference;
      row.querySelector('[name$="-display_name"]').value = said.name;
      row.querySelector(".what-file").textContent = `${said.suffix}，${sizeOf(said.bytes)}，校验码 ${said.sha256.slice(0, 12)}`;
      if (said.address) row.dataset.picture = said.address;
      changed();
    };
    const send = (file) => new Promise((done) => {
      const line = document.createElement("li"), bar = document.createElement("progress");
      const name = Object.assign(document.createElement("span"), { textContent: file.name });
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", `上传 ${file.name}`);
      line.append(name, bar);
      drop.querySelector("ul").append(line);
      const refuse = (text) => { bar.remove(); name.textContent = `${file.name}：${text}`; line.className = "fault"; say(name.textContent); done(); };
      const data = new FormData(), request = new XMLHttpRequest();
      data.set("csrf_token", form.elements.csrf_token.value);
      data.set("file", file);
      request.open("POST", form.dataset.upload);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
      request.addEventListener("error", () => refuse("网络不通，没有上传，请再试一次。"));
      request.addEventListener("load", () => {
        if (request.status !== 200) return refuse(request.response?.message || (request.status === 413 ? "文件太大。" : "没有上传成功，请先保存草稿再试。"));
        line.remove();
        show(request.response);
        say(`已上传 ${file.name}。`);
        done();
      });
      request.send(data);
    });
    const take = async (list) => { for (const file of [...list]) await send(file); };
    input.addEventListener("change", async () => { const chosen = [...input.files]; input.value = ""; await take(chosen); });
    for (const name of ["dragenter", "dragover"]) files.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
    for (const name of ["dragleave", "drop"]) files.addEventListener(name, () => drop.classList.remove("over"));
    files.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files); });
    // A file dropped beside the box must not take the page away.
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
  }

  // The public page beside the form, rendered by the publisher from what is typed.
  const pane = document.getElementById("pane"), toggle = document.getElementById("pane-toggle");
  if (!pane) return;
  const frame = pane.querySelector("iframe"), note = pane.querySelector(".pane-note");
  let timer, turn = 0, sent = "";
  const render = (html) => {
    const old = frame.contentDocument;
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const script of page.querySelectorAll("script")) script.remove(); // the frame is closed to them
    if (!frame.srcdoc) { frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`; return; }
    old.title = page.title;
    old.body.replaceWith(old.adoptNode(page.body));
  };
  frame.addEventListener("load", () => frame.contentDocument.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && !link.getAttribute("href")?.startsWith("#")) event.preventDefault();
  }));
  const look = async () => {
    if (pane.hidden) return;
    const data = new FormData(form), mine = ++turn;
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    const now = JSON.stringify([...data]);
    if (now === sent) return;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: data, redirect: "error" });
      const text = await answer.text();
      if (mine !== turn) return;
      sent = now;
      if (answer.ok) { render(text); note.textContent = ""; }
      else note.textContent = answer.status === 422 ? text : "预览暂时不可用，内容不受影响。";
    } catch {
      if (mine === turn) note.textContent = "网络不通，预览暂停，内容不受影响。";
    }
  };
  const lookSoon = () => { clearTimeout(timer); timer = setTimeout(look, 500); };
  form.addEventListener("input", lookSoon);
  form.addEventListener("change", lookSoon);
  const wide = window.matchMedia("(min-width: 75em)");
  const open = (isOpen) => {
    pane.hidden = !isOpen;
    document.body.classList.toggle("with-pane", isOpen);
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.textContent = isOpen ? "收起预览" : "显示预览";
    if (isOpen) look();
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => { open(pane.hidden); if (!pane.hidden && !wide.matches) pane.scrollIntoView(); });
  open(wide.matches);
})();
