using System.Net;
using System.Net.Security;
using System.Text.RegularExpressions;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>A browser of an operator, as far as a server sees one: cookies, forms with their hidden fields, and redirects that are followed.</summary>
internal sealed partial class ConsoleBrowser : IDisposable
{
    public const string Password = "a long enough password";

    private readonly HttpClient _http;

    /// <param name="trust">Checks the server's certificate; null is as usual.</param>
    public ConsoleBrowser(string url, string language = "en", RemoteCertificateValidationCallback? trust = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies };
        handler.SslOptions.RemoteCertificateValidationCallback = trust;
        _http = new HttpClient(handler) { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The page that is open.</summary>
    public string Text { get; private set; } = "";

    public int Status { get; private set; }

    /// <summary>Where the last answer sent the browser, before it went there; null where it did not.</summary>
    public string? Went { get; private set; }

    public HttpResponseMessage Last { get; private set; } = null!;

    /// <summary>An operator with a role, signed in.</summary>
    public static async Task<ConsoleBrowser> AsAsync(GridFixture grid, string role, string? area = null, string? manager = null, string language = "en")
    {
        var name = $"{role[..3]}-{Guid.NewGuid():N}"[..20];
        var made = await grid.SendAsync(HttpMethod.Post, "/v1/operators", new CreateOperatorRequest(name, role, Password, null, area, manager));
        Assert.Equal(201, made.Status);
        var browser = new ConsoleBrowser(grid.Host.Url, language);
        await browser.SignInAsync(name, Password);
        Assert.Equal(200, browser.Status);
        return browser;
    }

    public async Task SignInAsync(string name, string password)
    {
        await GetAsync("/console/sign-in");
        await PostAsync("/console/sign-in", ("name", name), ("password", password));
    }

    public Task GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends the open page's form, with its mark and hidden fields, and what is entered.</summary>
    public Task PostAsync(string path, params (string Name, string Value)[] entered)
    {
        var fields = HiddenFields().ToDictionary(f => f.Name, f => f.Value);
        foreach (var (name, value) in entered)
        {
            fields[name] = value;
        }

        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) });
    }

    /// <summary>An action from its form to its end; the page that follows.</summary>
    public async Task DoAsync(string action, string? id, params (string Name, string Value)[] entered)
    {
        var address = $"/console/do/{action}{(id is null ? "" : $"?id={Uri.EscapeDataString(id)}")}";
        await GetAsync(address);
        Assert.Equal(200, Status);
        var fields = entered.Select(e => ($"f.{e.Name}", e.Value)).ToArray();
        await PostAsync(address, [.. fields, ("step", "check")]);
        Assert.Equal(200, Status);
        await PostAsync(address, [.. fields, ("step", "do")]);
    }

    /// <summary>Sends a file with the open page's mark, or another one.</summary>
    public Task SendFileAsync(string path, string text, string? mark = null)
    {
        var content = new MultipartFormDataContent
        {
            { new StringContent(mark ?? Mark().Match(Text).Groups[1].Value), "form" },
            { new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text)), "file", "a file.csv" },
        };
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
    }

    public async Task SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            Last = await _http.SendAsync(request);
        }

        Went = null;
        if (Last.StatusCode == HttpStatusCode.SeeOther)
        {
            var to = Last.Headers.Location!.ToString();
            Last = await _http.GetAsync(to);
            Went = to;
        }

        (Status, Text) = ((int)Last.StatusCode, await Last.Content.ReadAsStringAsync());
    }

    /// <summary>Of the page's last form that has a mark: the header's forms stand before it.</summary>
    private List<(string Name, string Value)> HiddenFields()
    {
        var begin = Text.LastIndexOf("class=\"entry\"", StringComparison.Ordinal);
        return Hidden().Matches(begin < 0 ? Text : Text[begin..])
            .Select(m => (WebUtility.HtmlDecode(m.Groups[1].Value), WebUtility.HtmlDecode(m.Groups[2].Value)))
            .DistinctBy(f => f.Item1).ToList();
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<input type=\"hidden\" name=\"form\" value=\"([^\"]*)\"")]
    private static partial Regex Mark();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
