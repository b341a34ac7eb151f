/** Closings and settlements: the counter dies before and after everything that it does to the world. */
import { createClosingScenes } from './closing-scenes.ts';
import { proveScenes } from './scene-tests.ts';

proveScenes(createClosingScenes());
