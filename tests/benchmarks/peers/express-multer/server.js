// Files by express and multer, as such applications usually keep them: on the disk, under random names. Nobody is authenticated, and
// nothing is hashed or synced.
import { mkdtempSync, rmSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import path from 'node:path';
import express from 'express';
import multer from 'multer';

const directory = mkdtempSync(path.join(process.cwd(), 'files-'));
const app = express();
const upload = multer({ dest: directory });

app.post('/files', upload.single('file'), (request, response) => {
  response.status(201).json({ file_id: request.file.filename });
});

app.get('/files/:id/content', (request, response) => {
  response.sendFile(request.params.id, { root: directory });
});

app.delete('/files/:id', async (request, response) => {
  await unlink(path.join(directory, path.basename(request.params.id)));
  response.status(204).end();
});

process.on('SIGTERM', () => {
  rmSync(directory, { recursive: true });
  process.exit(0);
});

const server = app.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
