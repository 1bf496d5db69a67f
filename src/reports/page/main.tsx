// Entry of the page: puts the run embedded in it on the screen.
import { render } from 'preact';
import { App } from './app.js';
import { followAddress, run } from './store.js';

const root = document.getElementById('root');
if (root !== null) {
  document.title = `Regatta run ${run.runId}`;
  render(<App />, root);
  followAddress();
}
