import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { restrictScripts } from './app/trusted-types';
import { sessions } from './auth/session-store';
import { startTexts } from './i18n';
import './app/styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
restrictScripts();
void sessions.load();
await startTexts();
createRoot(root).render(<App />);
