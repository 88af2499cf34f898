module.exports = globalThis[Symbol.for('loaded once')]('@jellyfin/sdk/lib/utils/api/device-api.js');
