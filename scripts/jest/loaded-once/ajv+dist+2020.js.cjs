module.exports = globalThis[Symbol.for('loaded once')]('ajv/dist/2020.js');
