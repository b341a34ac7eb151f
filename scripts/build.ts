/** `npm run build`: the screens, for a machine that shall not build them itself. */
import { buildScreens } from '../src/web/build.ts';

console.log(await buildScreens());
