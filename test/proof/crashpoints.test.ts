/** Sales: the counter dies before and after everything that it does to the world. */
import { proveScenes } from './scene-tests.ts';
import { createScenes } from './scenes.ts';

proveScenes(createScenes().filter(({ kind }) => kind === 'sale'));
