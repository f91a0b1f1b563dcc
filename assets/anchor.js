// An address may end with the part of a page that it means (/profiles#separating): it comes into view once it is there.
(() => {
  let wanted = '', until = 0;
  const look = () => {
    const part = wanted && document.getElementById(wanted);
    if (part) [wanted] = ['', part.scrollIntoView()];
    else if (wanted && Date.now() < until) setTimeout(look, 100);
  };
  const arrived = () => {
    [wanted, until] = [location.hash.slice(1), Date.now() + 20_000];
    setTimeout(look, 100);                                    // after what the link itself does
  };
  for (const name of ['DOMContentLoaded', '_dashprivate_pushstate']) addEventListener(name, arrived);
  for (const name of ['wheel', 'keydown', 'pointerdown']) addEventListener(name, () => { wanted = ''; }, {passive: true});
})();
