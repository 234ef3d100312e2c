import './site.css';

const pages = { '/': 'Built by Vite, served as files.', '/about': 'Routed in the browser.' };

function show() {
  document.querySelector('#page').textContent = pages[location.pathname] ?? 'No such page.';
}

document.querySelector('nav').addEventListener('click', (event) => {
  if (event.target.tagName !== 'A') return;
  event.preventDefault();
  history.pushState(null, '', event.target.href);
  show();
});
addEventListener('popstate', show);
show();
