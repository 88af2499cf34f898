module.exports = globalThis[Symbol.for('loaded once')]('ajv-formats');
