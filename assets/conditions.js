// While a condition on who is included is chosen and typed (.atlas-conditions): [data-counted] says how many would be.
(() => {
  const LISTS = ['in', 'not', 'between'], BARE = ['missing', 'known'];
  const encoded = value => value.trim().replaceAll('%', '%25').replaceAll(',', '%2C');
  const conditionOf = form => {                               // null while it is not complete
    const [column, op, value] = [...form.querySelectorAll('select, input')].map(field => field.value.trim());
    if (column === '-' || !value && !BARE.includes(op)) return null;
    const values = LISTS.includes(op) ? value.split(',').map(encoded).join(',') : encoded(value);
    return `${column}:${op}:${BARE.includes(op) ? '' : values}`;
  };
  const addressOf = condition => {
    const query = new URLSearchParams(location.search);
    ['show', 'label'].forEach(name => query.delete(name));
    query.append('where', condition);
    return `/api/count?${query}`;
  };
  let waiting, last;
  const tell = async form => {
    const said = form.querySelector('[data-counted]'), condition = conditionOf(form);
    const asked = last = {};
    if (!condition) return void (said.textContent = '');
    const answer = await fetch(addressOf(condition)).catch(() => null), found = answer && await answer.json();
    if (last !== asked) return;                               // something else was typed since
    said.textContent = !found ? '' : answer.ok ? `${found.text} ${found.count === 1 ? 'customer' : 'customers'} would be included.`
      : `${found.message} ${found.hint}`;
  };
  const soon = e => {
    const form = e.target.closest?.('.atlas-conditions');
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(tell, 250, form);
  };
  document.addEventListener('input', soon);
  document.addEventListener('click', e => {
    const form = e.target.closest?.('.atlas-conditions button') && e.target.closest('.atlas-conditions');
    if (form) [last, form.querySelector('[data-counted]').textContent] = [null, ''];
  });
})();
