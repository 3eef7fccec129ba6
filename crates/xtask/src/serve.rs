//! `cargo xtask serve`: builds the page, then serves it on this machine only.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, anyhow, bail};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use tiny_http::{Method, Request, StatusCode};

use crate::build;
use crate::command;
use crate::paths;
use crate::stamp::Inputs;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The port to serve on; where it is taken, the next free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in your browser
    #[arg(long)]
    open: bool,
    /// Build again whenever a source file changes
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    build: build::Options,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    build::everything(arguments.build)?;
    let server = Server::start(paths::dist(), arguments.port)?;
    let address = server.address();
    println!("the playground is at {address} (stop with Ctrl+C)");
    if arguments.open {
        open(&address);
    }
    if arguments.watch {
        watch(arguments.build);
    }
    server.wait();
    Ok(ExitCode::SUCCESS)
}

/// Builds again after every change, for ever.
fn watch(options: build::Options) {
    let sources = || {
        ["crates", "web/src", "web/examples", "web/build.mjs", "Cargo.toml"]
            .iter()
            .fold(Inputs::new(), |inputs, path| inputs.metadata(&paths::root().join(path)))
            .finish()
    };
    let mut built = sources();
    loop {
        thread::sleep(Duration::from_millis(500));
        let now = sources();
        if now == built {
            continue;
        }
        built = now;
        match build::everything(options) {
            Ok(()) => println!("built again; reload the page"),
            Err(error) => eprintln!("error: {error:#}"),
        }
    }
}

/// Asks the system to show an address; the address is printed anyway.
fn open(address: &str) {
    let mut command = if cfg!(target_os = "macos") {
        command::program("open")
    } else if cfg!(windows) {
        let mut command = command::program("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        command::program("xdg-open")
    };
    if command.arg(address).spawn().is_err() {
        eprintln!("no browser could be opened; open the address yourself");
    }
}

/// A folder on HTTP, served by a few threads until the process ends.
pub(crate) struct Server {
    port: u16,
    workers: Vec<thread::JoinHandle<()>>,
}

impl Server {
    /// Serves `root` on the first free port from `port` on; 0 takes any.
    pub(crate) fn start(root: PathBuf, port: u16) -> Result<Self> {
        let root = root.canonicalize().with_context(|| format!("{} is missing", paths::shown(&root)))?;
        let listener = listen(port)?;
        let port = listener.local_addr()?.port();
        let server = tiny_http::Server::from_listener(listener, None)
            .map_err(|error| anyhow!("the server could not be started: {error}"))?;
        let server = Arc::new(server);
        let squeezed = Arc::new(Squeezed::default());
        let workers = (0..4)
            .map(|_| {
                let server = Arc::clone(&server);
                let squeezed = Arc::clone(&squeezed);
                let root = root.clone();
                thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        answer(&root, &squeezed, request);
                    }
                })
            })
            .collect();
        Ok(Self { port, workers })
    }

    pub(crate) fn address(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }

    fn wait(self) {
        for worker in self.workers {
            // A worker only ends with the process.
            let _ = worker.join();
        }
    }
}

fn listen(port: u16) -> Result<TcpListener> {
    for candidate in port..=port.saturating_add(99) {
        // Browsers may look up `localhost` as ::1 first: whoever answers there would be taken for us.
        let taken = candidate != 0
            && TcpListener::bind((Ipv6Addr::LOCALHOST, candidate))
                .is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse);
        if taken {
            continue;
        }
        match TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("port {candidate} cannot be used: choose another with --port"));
            }
        }
    }
    bail!("100 ports from {port} on are taken: choose another with --port")
}

/// How an answer is compressed, the better way first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// The best that the client reads; `gzip;q=0` is a client that says no.
    fn of(request: &Request) -> Option<Self> {
        let header = request.headers().iter().find(|header| header.field.equiv("Accept-Encoding"))?;
        let reads = |name| {
            header.value.as_str().split(',').any(|encoding| {
                let mut parts = encoding.split(';').map(str::trim);
                parts.next() == Some(name) && !parts.any(|part| matches!(part, "q=0" | "q=0.0"))
            })
        };
        [Self::Brotli, Self::Gzip].into_iter().find(|encoding| reads(encoding.name()))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn compress(self, content: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            // Nearly as small as at the highest quality, in a tenth of the time.
            Self::Brotli => {
                let mut encoder = CompressorWriter::new(Vec::new(), 4096, 9, 22);
                encoder.write_all(content)?;
                Ok(encoder.into_inner())
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(content)?;
                encoder.finish()
            }
        }
    }
}

/// A file's last change, and its compressed content.
type Content = (SystemTime, Vec<u8>);

/// Files as they were sent last, by their path and how they are compressed.
#[derive(Default)]
struct Squeezed(Mutex<HashMap<(PathBuf, Encoding), Content>>);

impl Squeezed {
    /// The compressed content, as a web server sends it; a build in between is noticed.
    fn get(&self, file: &Path, encoding: Encoding, content: &[u8]) -> Option<Vec<u8>> {
        let modified = fs::metadata(file).and_then(|metadata| metadata.modified()).ok()?;
        let key = (file.to_owned(), encoding);
        let known = |all: &HashMap<_, Content>| {
            all.get(&key).filter(|(time, _)| *time == modified).map(|(_, squeezed)| squeezed.clone())
        };
        if let Some(squeezed) = known(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Some(squeezed);
        }
        // Others are answered meanwhile; that two of them compress the same file does no harm.
        let squeezed = encoding.compress(content).ok()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (modified, squeezed.clone()));
        Some(squeezed)
    }
}

fn answer(root: &Path, squeezed: &Squeezed, request: Request) {
    let mut headers = vec![("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")];
    let (status, kind, body) = match request.method() {
        Method::Get | Method::Head => match find(root, request.url()) {
            Some(file) => match fs::read(&file) {
                Ok(mut body) => {
                    let kind = media_type(&file);
                    if body.len() > 1000 && (kind.contains("charset") || matches!(kind, JSON | WASM | SVG)) {
                        headers.push(("Vary", "Accept-Encoding"));
                        if let Some(encoding) = Encoding::of(&request)
                            && let Some(smaller) = squeezed.get(&file, encoding, &body)
                        {
                            headers.push(("Content-Encoding", encoding.name()));
                            body = smaller;
                        }
                    }
                    (200, kind, body)
                }
                Err(_) => (404, TEXT, b"not found\n".to_vec()),
            },
            None => (404, TEXT, b"not found\n".to_vec()),
        },
        _ => (405, TEXT, b"only GET and HEAD are answered here\n".to_vec()),
    };
    headers.push(("Content-Type", kind));
    if status == 405 {
        headers.push(("Allow", "GET, HEAD"));
    }
    // A browser that has gone away is no concern of ours.
    let _ = send(request, status, &headers, &body);
}

/// Sends an answer and has the connection closed behind it. A connection that is kept keeps a thread of tiny_http's; it
/// starts more when it counts none that waits, but counts one that was just given something to do as waiting: of six
/// connections that a browser opens at once, one may then stand in line until another is closed. tiny_http itself does
/// not let an answer say so.
fn send(request: Request, status: u16, headers: &[(&str, &str)], body: &[u8]) -> std::io::Result<()> {
    let is_head = *request.method() == Method::Head;
    let mut head = format!("HTTP/1.1 {status} {}\r\n", StatusCode(status).default_reason_phrase());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()));
    let mut writer = request.into_writer();
    writer.write_all(head.as_bytes())?;
    if !is_head {
        writer.write_all(body)?;
    }
    writer.flush()
}

/// The file that a request's target names: inside `root`, whatever the target contains.
fn find(root: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?;
    let path = percent_decode(path.strip_prefix('/')?)?;
    let mut file = root.to_owned();
    for part in path.split('/') {
        let hidden = part.starts_with('.');
        if hidden || part.contains(['\\', ':', '\0']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    // Links are followed, but not out of the folder.
    let file = file.canonicalize().ok()?;
    (file.starts_with(root) && file.is_file()).then_some(file)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let value = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const WASM: &str = "application/wasm";
const SVG: &str = "image/svg+xml";

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => JSON,
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => WASM,
        Some("svg") => SVG,
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt" | "md") => TEXT,
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::net::TcpStream;

    /// A folder `site` with a page, and a file beside it that nobody must see.
    struct Site(PathBuf);

    impl Site {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("site/a b")).unwrap();
            fs::write(folder.join("secret"), "secret").unwrap();
            fs::write(folder.join("site/index.html"), "<p>page").unwrap();
            fs::write(folder.join("site/a b/engine.wasm"), b"\0asm").unwrap();
            Self(folder.canonicalize().unwrap())
        }

        fn root(&self) -> PathBuf {
            self.0.join("site")
        }
    }

    impl Drop for Site {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn finds_files_by_their_decoded_names() {
        let site = Site::new("names");
        let root = site.root();
        assert_eq!(find(&root, "/"), Some(root.join("index.html")));
        assert_eq!(find(&root, "/index.html?x#y"), Some(root.join("index.html")));
        let wasm = find(&root, "/a%20b/engine.wasm");
        assert_eq!(wasm, Some(root.join("a b/engine.wasm")));
        assert_eq!(media_type(&wasm.unwrap()), "application/wasm");
        assert_eq!(find(&root, "/gone"), None);
    }

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let site = Site::new("outside");
        let root = site.root();
        assert!(root.join("../secret").exists());
        for target in [
            "/../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/a b/../../secret",
            "/..\\secret",
            "//secret",
            "/%00",
            "/%",
            "/%zz",
            "secret",
            "",
        ] {
            assert_eq!(find(&root, target), None, "{target}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out_of_the_folder() {
        let site = Site::new("link");
        std::os::unix::fs::symlink(site.0.join("secret"), site.root().join("link")).unwrap();
        assert_eq!(find(&site.root(), "/link"), None);
    }

    fn ask_for_bytes(server: &Server, request: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).unwrap();
        write!(stream, "{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    fn ask(server: &Server, request: &str) -> String {
        String::from_utf8(ask_for_bytes(server, request)).unwrap()
    }

    #[test]
    fn answers_get_and_head_and_nothing_else() {
        let site = Site::new("methods");
        let server = Server::start(site.root(), 0).unwrap();
        let page = ask(&server, "GET / HTTP/1.1");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.contains("X-Content-Type-Options: nosniff"), "{page}");
        assert!(page.contains("Cache-Control: no-cache"), "{page}");
        assert!(page.ends_with("<p>page"), "{page}");
        let head = ask(&server, "HEAD / HTTP/1.1");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.ends_with("\r\n\r\n"), "{head}");
        let post = ask(&server, "POST / HTTP/1.1\r\nContent-Length: 0");
        assert!(post.starts_with("HTTP/1.1 405"), "{post}");
    }

    #[test]
    fn text_is_compressed_for_who_reads_it() {
        let site = Site::new("squeezed");
        let server = Server::start(site.root(), 0).unwrap();
        let page = site.root().join("index.html");
        fs::write(&page, "a page ".repeat(1000)).unwrap();
        let plain = ask(&server, "GET / HTTP/1.1\r\nAccept-Encoding: zstd, gzip;q=0");
        assert!(plain.contains("Vary: Accept-Encoding") && !plain.contains("Content-Encoding"), "{plain}");
        let squeezed_as = |accepted: &str, encoding: &str| {
            let answer = ask_for_bytes(&server, &format!("GET / HTTP/1.1\r\nAccept-Encoding: {accepted}"));
            let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
            let head = String::from_utf8_lossy(&answer[..end]).into_owned();
            assert!(head.contains(&format!("Content-Encoding: {encoding}\r\n")), "{head}");
            let mut text = String::new();
            if encoding == "br" {
                brotli::Decompressor::new(&answer[end..], 4096).read_to_string(&mut text).unwrap();
            } else {
                flate2::read::GzDecoder::new(&answer[end..]).read_to_string(&mut text).unwrap();
            }
            text
        };
        let squeezed = || squeezed_as("deflate, gzip, br", "br");
        assert_eq!(squeezed(), "a page ".repeat(1000));
        assert_eq!(squeezed_as("deflate, gzip, br;q=0", "gzip"), "a page ".repeat(1000));
        // Built again, it is another page.
        fs::write(&page, "new page".repeat(1000)).unwrap();
        let later = SystemTime::now() + Duration::from_secs(5);
        fs::File::options().write(true).open(&page).unwrap().set_modified(later).unwrap();
        assert_eq!(squeezed(), "new page".repeat(1000));
    }

    #[test]
    fn connections_that_come_at_once_are_all_answered() {
        let site = Site::new("at-once");
        let server = Server::start(site.root(), 0).unwrap();
        for _ in 0..20 {
            let open = || TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).unwrap();
            let streams: Vec<_> = (0..8).map(|_| open()).collect();
            for mut stream in streams {
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                // As a browser asks: it would keep the connection.
                write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n").unwrap();
                // And as a browser it closes the connection when it has all of an answer that says so.
                let mut answer = String::new();
                while !answer.ends_with("<p>page") {
                    let mut part = [0; 1000];
                    let count = stream.read(&mut part).unwrap();
                    assert_ne!(count, 0, "{answer}");
                    answer.push_str(std::str::from_utf8(&part[..count]).unwrap());
                }
                assert!(answer.contains("Connection: close"), "{answer}");
            }
        }
    }

    #[test]
    fn a_taken_port_gives_the_next() {
        let taken = listen(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        let next = listen(port).unwrap().local_addr().unwrap().port();
        assert!(next > port);
    }
}
