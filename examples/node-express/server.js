// A small API with one real dependency.
const express = require('express');

const app = express();
const notes = [];

app.use(express.json({ limit: '10kb' }));

app.get('/', (request, response) => {
  response.type('text').send('node-express: GET /notes, POST /notes {"text": "…"}\n');
});

app.get('/notes', (request, response) => response.json(notes));

app.post('/notes', (request, response) => {
  if (typeof request.body?.text !== 'string') {
    return response.status(400).json({ error: 'text is missing' });
  }
  notes.push({ text: request.body.text, at: new Date().toISOString() });
  notes.splice(0, notes.length - 100);
  response.status(201).json(notes.at(-1));
});

const server = app.listen(process.env.PORT || 3000, () => console.log('listening'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
