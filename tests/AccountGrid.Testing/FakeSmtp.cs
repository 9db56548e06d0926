using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AccountGrid.Testing;

/// <summary>A mail server on loopback that speaks enough SMTP to take a message, refuse one, or be busy. What it took is in <see cref="Mails"/>.</summary>
public sealed class FakeSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public FakeSmtp()
    {
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<string> Mails { get; } = [];

    /// <summary>Answers to the next recipients: 450 is busy, 550 refuses; empty takes.</summary>
    public Queue<int> Answers { get; } = new();

    /// <summary>Answers to a mail by its text, such as <c>554 rejected</c>; null takes it.</summary>
    public Func<string, string?>? Filter { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            try
            {
                await TalkAsync(client);
            }
            catch (IOException)
            {
                // The client is gone.
            }
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            var answer = verb == "RCPT" && Answers.TryDequeue(out var code) ? code : 250;
            switch (verb)
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-test");
                    await writer.WriteLineAsync("250 SMTPUTF8");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    var mail = new StringBuilder();
                    while (await reader.ReadLineAsync(_stop.Token) is { } text && text != ".")
                    {
                        mail.AppendLine(text);
                    }

                    if (Filter?.Invoke(mail.ToString()) is { } refusal)
                    {
                        await writer.WriteLineAsync(refusal);
                        break;
                    }

                    Mails.Add(mail.ToString());
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync(answer == 250 ? "250 ok" : $"{answer} not this one");
                    break;
            }
        }
    }
}
