// The columns of a table: details[data-choose] in its card opens a switch for each but the first. What is left out stays so
// for the visit, by name, also when the view is made anew; the card's CSV (chart_menu.js) has the columns that are shown.
(() => {
  const left = new Set();
  const heads = card => [...card.querySelectorAll('thead th')];
  const nameOf = head => head.firstChild.textContent;
  const show = card => {
    const off = heads(card).map(head => left.has(nameOf(head)));
    card.querySelectorAll('tr').forEach(row => [...row.cells].forEach((cell, at) => { cell.hidden = off[at]; }));
  };

  const button = (text, pressed) => {
    const mark = Object.assign(document.createElement('i'), {className: 'bi bi-check2'});
    mark.setAttribute('aria-hidden', 'true');
    const name = Object.assign(document.createElement('span'), {textContent: text});
    const one = Object.assign(document.createElement('button'), {type: 'button', className: 'atlas-list-column'});
    one.append(mark, name);
    one.setAttribute('aria-pressed', pressed);
    return one;
  };
  const build = details => {
    const names = heads(details.closest('.atlas-card')).slice(1).map(nameOf);
    const switches = names.map(name => {
      const one = button(name, !left.has(name));
      one.dataset.name = name;
      return one;
    });
    const all = button('All columns', names.every(name => !left.has(name)));
    details.lastElementChild.replaceChildren(all, ...switches);
  };
  const refresh = place => place.querySelectorAll('button').forEach((one, at, all) => {
    const on = at ? !left.has(one.dataset.name) : [...all].every(other => !left.has(other.dataset.name));
    one.setAttribute('aria-pressed', on);
  });

  document.addEventListener('toggle', e => e.target.matches?.('[data-choose][open]') && build(e.target), true);
  document.addEventListener('click', e => {
    const one = e.target.closest?.('[data-choose] button');
    if (!one) return;
    const {name} = one.dataset;
    if (name === undefined) left.clear();
    else if (!left.delete(name)) left.add(name);
    refresh(one.parentElement);
    show(one.closest('.atlas-card'));
  });
  new MutationObserver(() => left.size && document.querySelectorAll('.atlas-card:has([data-choose])').forEach(show))
    .observe(document.documentElement, {subtree: true, childList: true});
})();
