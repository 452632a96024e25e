// A real server of the AT Protocol on this machine alone, with a directory of identities in memory.
//
//   node launch.mjs <folder with node_modules> <folder for its data>
//
// Says {"address": …, "jwt_secret": …} in one line once it answers, and ends when its standard
// input does, so that none outlives the tests that started it.

import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import net from 'node:net'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

process.stdin.resume()
process.stdin.on('end', () => process.exit())

const [modules, data] = process.argv.slice(2).map((each) => resolve(each))
const inside = createRequire(join(modules, 'package.json'))

// Both servers would listen on every network that the machine has.
const { listen } = net.Server.prototype
net.Server.prototype.listen = function (...asked) {
  return typeof asked[0] === 'number'
    ? listen.call(this, asked[0], '127.0.0.1', ...asked.filter((each) => typeof each === 'function'))
    : listen.apply(this, asked)
}

const free = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

const load = async (name) => {
  const loaded = await import(pathToFileURL(inside.resolve(name)).href)
  return loaded.PDS || loaded.PlcServer ? loaded : loaded.default
}

const plc = await load('@did-plc/server')
const plcPort = await free()
await plc.PlcServer.create({ db: plc.Database.mock(), port: plcPort }).start()

const port = await free()
const secret = () => randomBytes(32).toString('hex')
Object.assign(process.env, {
  LOG_ENABLED: 'false',
  PDS_ADMIN_PASSWORD: secret(),
  PDS_BLOBSTORE_DISK_LOCATION: join(data, 'blobs'),
  PDS_BLOBSTORE_DISK_TMP_LOCATION: join(data, 'incoming'),
  PDS_DATA_DIRECTORY: data,
  PDS_DEV_MODE: 'true',
  PDS_DID_PLC_URL: `http://localhost:${plcPort}`,
  PDS_HOSTNAME: 'localhost',
  PDS_INVITE_REQUIRED: 'false',
  PDS_JWT_SECRET: secret(),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret(),
  PDS_PORT: String(port),
  PDS_RATE_LIMITS_ENABLED: 'true',
})
const { PDS, envToCfg, envToSecrets, readEnv } = await load('@atproto/pds')
const env = readEnv()
await (await PDS.create(envToCfg(env), envToSecrets(env))).start()
console.log(
  JSON.stringify({ address: `http://localhost:${port}`, jwt_secret: process.env.PDS_JWT_SECRET }),
)
