using System.Net;
using System.Text;
using System.Threading.Channels;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>Gives a gateway one answer after the other to its asking for relay commands; keeps its reports.</summary>
internal sealed class FakeRelays : HttpMessageHandler
{
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    private readonly Lock _lock = new();
    private readonly List<string> _reports = [];

    public FakeRelays(params string[] answers) => Array.ForEach(answers, Give);

    public List<string> Reports
    {
        get
        {
            lock (_lock)
            {
                return [.. _reports];
            }
        }
    }

    public void Give(string answer) => Assert.True(_answers.Writer.TryWrite(answer));

    public HttpClient Client() => new(this, disposeHandler: false) { BaseAddress = new Uri("http://grid.test") };

    public static string Command(string meter, string action, DateTimeOffset? expires = null) =>
        $$"""{"meter":"{{meter}}","sequence":1,"action":"{{action}}","expires":{{(expires is { } e ? $"\"{e:O}\"" : "null")}}}""";

    public static string List(params IEnumerable<string> commands) => $$"""{"commands":[{{string.Join(',', commands)}}]}""";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = """{"results":[]}""";
        if (request.Method == HttpMethod.Post)
        {
            var report = await request.Content!.ReadAsStringAsync(cancellationToken);
            lock (_lock)
            {
                _reports.Add(report);
            }
        }
        else
        {
            body = await _answers.Reader.ReadAsync(cancellationToken);
        }

        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        answer.Headers.Date = TimeProvider.System.GetUtcNow();
        return answer;
    }
}
