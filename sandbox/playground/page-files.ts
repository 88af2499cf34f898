import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The page as the browser gets it. */
export interface PageFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

/** From dist-tools/ or from the sources: the page's own sources are in the one place. */
const sources = fileURLToPath(new URL('../../../sandbox/playground/page/', import.meta.url));

/** Bundles the page: the script named, its styles, and the font in them. @throws Error with what esbuild says. */
export async function bundlePage(script = 'main.ts'): Promise<PageFiles> {
  const { build } = await import('esbuild');
  const bundled = async (entry: string): Promise<string> => {
    const { outputFiles } = await build({
      entryPoints: [join(sources, entry)],
      bundle: true,
      write: false,
      minify: true,
      format: 'iife',
      target: 'es2022',
      loader: { '.woff2': 'dataurl' },
      legalComments: 'none',
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  };
  const [html, code, style] = await Promise.all([
    readFile(join(sources, 'index.html'), 'utf8'),
    bundled(script),
    bundled('style.css'),
  ]);
  return { html, script: code, style };
}
