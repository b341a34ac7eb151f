import '../shared/base.css';
import '../shared/controls.css';
import '../shared/overlay.css';
import '../shared/entry.css';
import '../shared/file-field.css';
import '../shared/sticker-search.css';
import './tables.css';
import './office.css';
import './fees.css';
import './formats.css';
import './morning.css';
import './desk.css';
import './reports.css';
import './staff.css';
import './statements.css';
import './survey.css';
import './tickets.css';
import { I18nProvider } from 'react-aria-components';
import { mount } from '../shared/mount.ts';
import { Office } from './office.tsx';

mount(
  <I18nProvider locale="ja-JP">
    <Office />
  </I18nProvider>,
);
