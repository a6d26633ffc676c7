import { render } from "preact";
import { App } from "./app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/chat.css";
import "./styles/composer.css";
import "./styles/conversations.css";
import "./styles/turn.css";
import "./styles/panel.css";
import "./styles/documents.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
