import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { ApiError } from '../domain/api-error.ts'
import type { App } from './app.ts'

/** A file of a built front end, as it goes out. */
interface Asset {
  readonly type: string
  readonly plain: Buffer
  readonly brotli: Buffer
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/**
 * Serves the files of a built front end at /assets/…; they are read and compressed once, at start-up.
 *
 * @param folder the built front end: index.html and assets/
 */
export function assetRoutes(app: App, folder: string): void {
  const assets = readAssets(join(folder, 'assets'))
  app.get('/assets/:name', { config: { access: 'public', unlimited: true } }, (request, reply) => {
    const asset = assets.get((request.params as { name: string }).name)
    if (!asset) throw new ApiError('NOT_FOUND', 'no such file of the front end')
    const compressed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '')
    // Their names change with their content, so a browser may keep them for good.
    reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }).type(asset.type)
    if (compressed) reply.header('content-encoding', 'br')
    return reply.send(compressed ? asset.brotli : asset.plain)
  })
}

function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const name of readdirSync(folder)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const plain = readFileSync(join(folder, name))
    assets.set(name, { type, plain, brotli: brotliCompressSync(plain) })
  }
  return assets
}
