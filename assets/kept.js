// Forms for what a team keeps. A button's [data-kept] says in JSON what its dialog asks and where it is posted to
// (webapp/kept/form.py); the dialog is made here, text by text, so that no data string is ever markup. The name of who
// writes stays in this browser alone.
(() => {
  const AUTHOR = 'atlas-author';
  const el = (tag, props = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const stored = () => { try { return localStorage.getItem(AUTHOR) ?? ''; } catch { return ''; } };
  const store = name => { try { localStorage.setItem(AUTHOR, name); } catch { /* private window */ } };
  let toast, timer;

  const say = text => {
    if (!toast) {
      toast = el('div', {className: 'atlas-toast'});
      toast.setAttribute('role', 'status');
      document.body.append(toast);
    }
    toast.replaceChildren(text);
    toast.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => { toast.hidden = true; }, 8000);
  };

  const swatch = (field, option) => {
    const input = el('input', {type: 'radio', name: field.name, value: option.value, checked: option.value === field.value});
    const dot = el('span', {className: option.colour ? 'atlas-swatch' : 'atlas-swatch atlas-swatch-none'});
    if (option.colour) dot.style.setProperty('--segment-colour', option.colour);
    return el('label', {title: option.label}, input, dot, el('span', {className: 'visually-hidden', textContent: option.label}));
  };
  const choice = field => el('fieldset', {className: 'atlas-swatches'},
    el('legend', {className: 'form-label', textContent: field.label}),
    ...field.options.map(option => swatch(field, option)), ...hint(field));
  const hint = field => field.hint ? [el('small', {className: 'atlas-hint', textContent: field.hint})] : [];
  const input = field => {
    const value = field.kind === 'author' ? stored() : field.value;
    const props = {name: field.name, value, maxLength: field.most, required: field.needed, placeholder: field.instead, className: 'form-control'};
    const made = field.kind === 'area' ? el('textarea', {...props, rows: 4}) : el('input', {...props, type: 'text', autocomplete: 'off'});
    return el('label', {className: 'atlas-field'}, el('span', {className: 'form-label', textContent: field.label}), made, ...hint(field));
  };

  // A view that is made anew has other buttons: the focus goes to the one that asks the same, else to its menu. What is
  // hidden is told by its <details>: to ask for layout while charts are drawn takes seconds.
  const asks = form => JSON.stringify([form.post, {...form.send, seen: 0, current: 0}]);
  const refocus = (form, inMenu, turns = 24) => {
    const menu = inMenu && document.querySelector('details.atlas-menu');
    if (menu && !menu.open) menu.open = true;
    if (document.activeElement === document.body) {
      const all = [...(menu || document).querySelectorAll('[data-kept]')].filter(one => !one.closest('details:not([open])'));
      const same = all.find(one => asks(JSON.parse(one.dataset.kept)) === asks(form));
      (same ?? (menu && menu.querySelector('summary')))?.focus({preventScroll: true});
    }
    if (turns) setTimeout(refocus, 250, form, inMenu, turns - 1);
  };
  const again = () => dash_clientside.set_props('view-in', {data: `${location.search}#${performance.now()}`});
  const post = async (form, typed) => {
    const here = form.here ? {path: location.pathname, query: location.search.slice(1)} : {};
    const body = JSON.stringify({...form.send, ...here, ...typed});
    const answer = await fetch(form.post, {method: 'POST', headers: {'Content-Type': 'application/json'}, body});
    const text = await answer.text();
    let found;
    try { found = JSON.parse(text); } catch { found = {message: text}; }
    if (!answer.ok) throw new Error([found.message, found.hint].filter(Boolean).join(' '));
    return found.said;
  };
  const kept = async (form, typed, opener) => {
    const inMenu = Boolean(opener.closest('.atlas-menu'));
    const said = await post(form, typed);
    if (typed.author) store(typed.author);
    say(said);
    again();
    setTimeout(refocus, 250, form, inMenu);
  };
  const failed = error => error instanceof TypeError ? 'The server can’t be reached. Try again in a moment.' : error.message;

  const dialog = (form, opener) => {
    const wrong = el('p', {className: 'atlas-wrong', hidden: true});
    wrong.setAttribute('role', 'alert');
    const save = el('button', {type: 'submit', className: form.danger ? 'btn btn-danger' : 'btn btn-primary', textContent: form.button});
    const cancel = el('button', {type: 'button', className: 'btn btn-outline-secondary', textContent: 'Cancel'});
    const title = el('h2', {id: 'kept-title', className: 'atlas-chart-title', textContent: form.title});
    const fields = form.fields.map(field => field.kind === 'colour' ? choice(field) : input(field));
    const told = form.told ? [el('p', {className: 'atlas-scope', textContent: form.told})] : [];
    const asked = el('form', {}, title, ...told, ...fields, wrong, el('div', {className: 'atlas-answers'}, save, cancel));
    const box = el('dialog', {className: 'atlas-dialog'}, asked);
    box.setAttribute('aria-labelledby', 'kept-title');
    cancel.addEventListener('click', () => box.close());
    box.addEventListener('close', () => { box.remove(); if (opener.isConnected) opener.focus({preventScroll: true}); });
    asked.addEventListener('submit', async e => {
      e.preventDefault();
      save.disabled = true;
      try {
        await kept(form, Object.fromEntries(new FormData(asked)), opener);
        box.close();
      } catch (error) {
        wrong.textContent = failed(error);
        wrong.hidden = false;
        save.disabled = false;
      }
    });
    document.body.append(box);
    box.showModal();
    (asked.querySelector('input[type=text], textarea') ?? save).focus();
  };

  document.addEventListener('click', e => {
    const opener = e.target.closest?.('[data-kept]');
    if (opener) {
      const form = JSON.parse(opener.dataset.kept);
      form.asks ? dialog(form, opener) : kept(form, {}, opener).catch(error => say(failed(error)));
    }
    document.querySelectorAll('details.atlas-menu[open]').forEach(one => {
      if (!one.contains(e.target) && !e.target.closest?.('dialog') || e.target.closest?.('.atlas-menu a[href], .atlas-ways button')) one.open = false;
    });
  });
  document.addEventListener('keydown', e => {
    const menu = document.querySelector('details.atlas-menu[open]');
    if (e.key !== 'Escape' || !menu || document.querySelector('dialog[open]')) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });
})();
