import {resolve} from 'node:path';
import {describe, expect, test} from 'vitest';
import {cacheFolder} from '../../src/storage/cache-folder.js';

const home = '/home/ada';

describe('the place of the caches', () => {
  test.each<[NodeJS.Platform, Record<string, string>, string, string]>([
    ['linux', {}, '/home/ada/.cache/cv-loss', 'home'],
    ['darwin', {}, '/home/ada/Library/Caches/cv-loss', 'home'],
    ['win32', {LOCALAPPDATA: '/local'}, '/local/cv-loss', 'LOCALAPPDATA'],
    ['win32', {}, '/home/ada/AppData/Local/cv-loss', 'home'],
    ['linux', {LOCALAPPDATA: '/local'}, '/home/ada/.cache/cv-loss', 'home'],
    ['linux', {XDG_CACHE_HOME: '/xdg'}, '/xdg/cv-loss', 'XDG_CACHE_HOME'],
    ['darwin', {XDG_CACHE_HOME: '/xdg'}, '/xdg/cv-loss', 'XDG_CACHE_HOME'],
    ['linux', {XDG_CACHE_HOME: 'relative'}, '/home/ada/.cache/cv-loss', 'home'],
    ['linux', {XDG_CACHE_HOME: '', CV_LOSS_HOME: ''}, '/home/ada/.cache/cv-loss', 'home'],
    ['linux', {CV_LOSS_HOME: '/own', XDG_CACHE_HOME: '/xdg'}, '/own', 'CV_LOSS_HOME'],
    ['linux', {CV_LOSS_HOME: 'own'}, resolve('own'), 'CV_LOSS_HOME'],
  ])('%s %j', (platform, env, path, from) => {
    expect(cacheFolder({env, platform, home})).toEqual({path, from});
  });
});
