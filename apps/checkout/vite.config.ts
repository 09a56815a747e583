import { createHash } from 'node:crypto'
import { defineConfig, type Plugin } from 'vite'

/** Pins each script and style of the page to its content (PCI DSS 6.4.3): a file that was changed is not run. */
function subresourceIntegrity(): Plugin {
  return {
    name: 'subresource-integrity',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html']
      if (page?.type !== 'asset') throw new Error('the build has no page')
      page.source = String(page.source).replace(
        /<(?:script|link)\b[^>]*\s(?:src|href)="\/([^"]+)"[^>]*/g,
        (tag, name: string) => {
          const file = bundle[name]
          if (!file) return tag
          const content = file.type === 'chunk' ? file.code : file.source
          return `${tag} integrity="sha384-${createHash('sha384').update(content).digest('base64')}"`
        },
      )
    },
  }
}

export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2022', modulePreload: { polyfill: false }, sourcemap: false, assetsInlineLimit: 0 },
  plugins: [subresourceIntegrity()],
})
