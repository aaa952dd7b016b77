import {spawn} from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** How long a program may take to say that it cannot, in milliseconds. */
const PATIENCE_MS = 3000;

/** Why no browser is started, as a line for the user; null where one can be. */
export function whyNoBrowser(env: Environment, platform: NodeJS.Platform): string | null {
  if (env.BROWSER) return null;
  if (env.CI) return 'not opened: this is CI';
  if (env.SSH_CONNECTION && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return 'not opened: this is a remote shell; copy the file to where your browser is';
  }
  const needsDisplay = platform !== 'darwin' && platform !== 'win32';
  const hasDisplay = env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME;
  return needsDisplay && !hasDisplay ? 'not opened: there is no screen' : null;
}

/** Opens a file in the browser; false where no program did. The browser outlives this process. */
export async function openInBrowser(path: string): Promise<boolean> {
  const [program, ...args] = command(process.env, process.platform);
  const child = spawn(program, [...args, path], {detached: true, stdio: 'ignore'});
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(true), PATIENCE_MS);
    const done = (isOpen: boolean) => {
      clearTimeout(timer);
      child.unref();
      resolve(isOpen);
    };
    child.on('error', () => done(false));
    child.on('exit', (code) => done(code === 0));
  });
}

function command(env: Environment, platform: NodeJS.Platform): [string, ...string[]] {
  if (env.BROWSER) return [env.BROWSER];
  if (platform === 'darwin') return ['open'];
  // `start` of cmd would take an & in a path for the end of the command.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.WSL_DISTRO_NAME ? ['wslview'] : ['xdg-open'];
}
