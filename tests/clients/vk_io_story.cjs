// vk-io against the simulator: calls, an upload, and its webhook handler as a callback server.
// Takes the name of a JSON file as its argument and prints one JSON object.
const fs = require("node:fs");
const http = require("node:http");
const { VK, APIError } = require("vk-io");

const given = JSON.parse(fs.readFileSync(process.argv[2], "utf-8"));
const call = (path, body) =>
  fetch(`${given.url}${path}`, { method: "POST", body: JSON.stringify(body) }).then((answer) => answer.json());

async function main() {
  const agent = new http.Agent();
  const code = { group_id: given.group_id };
  const first = new VK({ token: given.token, apiBaseUrl: `${given.url}/method`, agent });
  const confirmation = (await first.api.groups.getCallbackConfirmationCode(code)).code;
  const vk = new VK({
    token: given.token,
    apiBaseUrl: `${given.url}/method`,
    agent,
    webhookSecret: "s3cr3tKey",
    webhookConfirmation: confirmation,
  });
  const told = { heard: [] };
  told.people = (await vk.api.users.get({ user_ids: given.user_id })).map((one) => one.first_name);
  told.message = await vk.api.messages.send({ peer_id: given.user_id, message: "Ответ", random_id: 12 });
  const photo = await vk.upload.messagePhoto({ source: { value: fs.readFileSync(given.picture), filename: "p.png" } });
  told.photo = photo.ownerId;
  try {
    await vk.api.wall.get({ owner_id: -given.group_id });
  } catch (error) {
    told.refused = error instanceof APIError ? error.code : String(error);
  }
  const server = http.createServer(vk.updates.getWebhookCallback("/hook"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const heard = new Promise((resolve) => {
    vk.updates.on(["message_new", "comment"], (context) => {
      told.heard.push([context.type, context.text]);
      if (told.heard.length === 2) resolve();
    });
  });
  const address = { url: `http://127.0.0.1:${server.address().port}/hook`, title: "vk-io", secret_key: "s3cr3tKey" };
  const { server_id } = await vk.api.groups.addCallbackServer({ ...code, ...address });
  await vk.api.groups.setCallbackSettings({ ...code, server_id, api_version: "5.199", message_new: 1, wall_reply_new: 1 });
  for (let tries = 0; tries < 200; tries += 1) {
    const { items } = await vk.api.groups.getCallbackServers(code);
    told.status = items.find((one) => one.id === server_id).status;
    if (told.status === "ok") break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await call("/sim/act/message", { ...code, user_id: given.user_id, text: "Письмо" });
  await call("/sim/act/comment", { ...code, user_id: given.user_id, post_id: given.post_id, text: "Комментарий" });
  await heard;
  await vk.api.groups.deleteCallbackServer({ ...code, server_id });
  server.closeAllConnections();
  server.close();
  told.heard.sort();
  process.stdout.write(JSON.stringify(told));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
