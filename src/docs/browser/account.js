import { SIGN_IN_TAG } from './document.js';

const element = (id) => document.getElementById(id);

/** Section at the top of the page: who is signed in, and how to change that. */
export class AccountSection {
  #session;
  #ui;

  constructor(session, ui) {
    this.#session = session;
    this.#ui = ui;
    element('sign-out').addEventListener('click', () => void this.#end());
    element('token-form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#paste();
    });
    for (const link of document.querySelectorAll('#account [data-operation]')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        this.#open(link.dataset.tag ?? SIGN_IN_TAG, link.dataset.operation);
      });
    }
  }

  /** Displays the current user. */
  async refresh() {
    try {
      const user = await this.#session.user();
      this.#show(user ? 'in' : 'out');
      if (user) element('user').textContent = nameOf(user);
    } catch (error) {
      this.#show('error');
      element('account-error').textContent = error.message;
    }
  }

  #show(state) {
    element('account').dataset.state = state;
    for (const part of document.querySelectorAll('#account [data-when]')) {
      part.hidden = !part.dataset.when.split(' ').includes(state);
    }
  }

  async #paste() {
    const field = element('token');
    try {
      this.#session.paste(field.value);
    } catch (error) {
      this.#show('error');
      element('account-error').textContent = error.message;
      return;
    }
    field.value = '';
    await this.refresh();
  }

  async #end() {
    await this.#session.end();
    await this.refresh();
  }

  #open(tag, operation) {
    this.#ui().layoutActions.show(['operations-tag', tag], true);
    this.#ui().layoutActions.show(['operations', tag, operation], true);
    requestAnimationFrame(() => {
      const block = element(`operations-${tag.replaceAll(' ', '_')}-${operation}`);
      block?.scrollIntoView({ block: 'start' });
      block?.querySelector('button')?.focus({ preventScroll: true });
    });
  }
}

function nameOf({ name, email, id }) {
  if (name && email) return `${name} (${email})`;
  return name ?? email ?? id;
}
