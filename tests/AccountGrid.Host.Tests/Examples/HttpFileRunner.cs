using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Examples;

/// <summary>Sends the requests of .http files to a grid, one after the other.</summary>
internal sealed class HttpFileRunner(GridFixture grid)
{
    private readonly Dictionary<string, JsonElement> _answers = [];

    /// <summary>Sends a request until its answer is what the file says; fails where it is not.</summary>
    public async Task<HttpAnswer> SendAsync(HttpFile file, HttpRequestText request)
    {
        if (request.LaterDays > 0)
        {
            grid.Time.Shift(TimeSpan.FromDays(request.LaterDays));
            await grid.SweepAsync();
        }

        var answer = request.Until is { } until
            ? await Eventually.GetAsync(() => OnceAsync(file, request), a => a.Text.Contains(until, StringComparison.Ordinal), $"'{request.Title}' has {until}")
            : await OnceAsync(file, request);
        Assert.True(
            request.Expected is { } expected ? answer.Status == expected : answer.Status is >= 200 and < 300,
            $"{request.Title}: {request.Method} {answer.Address} was answered {answer.Status}: {answer.Text}");
        if (request.Name is { } name)
        {
            _answers[name] = answer.Body ?? throw new InvalidOperationException($"The answer to '{request.Title}' has a name and is no JSON.");
        }

        return answer;
    }

    /// <summary>Sends a request once.</summary>
    public async Task<HttpAnswer> OnceAsync(HttpFile file, HttpRequestText request)
    {
        string Fill(string text) => HttpFile.Fill(text, place => Find(file, place));
        var (address, body) = (new Uri(Fill(request.Address)), Fill(request.Body));
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), address);
        if (body.Length > 0)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, Fill(value));
            }
        }

        using var http = new HttpClient();
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var text = type == "text/event-stream" ? await FirstEventAsync(response) : await response.Content.ReadAsStringAsync();
        return new(request, address, body, (int)response.StatusCode, text,
            type.EndsWith("json", StringComparison.Ordinal) && text.Length > 0 ? JsonDocument.Parse(text).RootElement.Clone() : null);
    }

    private static async Task<string> FirstEventAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var lines = new List<string>();
        while (lines.Count == 0 || !lines[^1].StartsWith("data:", StringComparison.Ordinal))
        {
            lines.Add((await reader.ReadLineAsync())!);
        }

        return string.Join('\n', lines);
    }

    /// <summary>The value of a placeholder: a variable of the file, a member of an earlier answer, or a time.</summary>
    private string Find(HttpFile file, string place)
    {
        if (place.StartsWith("$datetime ", StringComparison.Ordinal))
        {
            var parts = place.Split(' ');
            var (format, days) = (parts[1].Trim('\''), parts.Length > 2 ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 0);
            return grid.Time.GetUtcNow().AddDays(days).ToString(format == "iso8601" ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : format, CultureInfo.InvariantCulture);
        }

        if (place.IndexOf(".response.body.$.", StringComparison.Ordinal) is > 0 and var at)
        {
            var value = _answers[place[..at]];
            foreach (var step in place[(at + ".response.body.$.".Length)..].Split('.'))
            {
                var name = step.Split('[');
                value = value.GetProperty(name[0]);
                value = name.Length > 1 ? value[int.Parse(name[1].TrimEnd(']'), CultureInfo.InvariantCulture)] : value;
            }

            return value.ToString();
        }

        return place == "grid" ? grid.Host.Url : place == "key" ? grid.Host.AdministratorKey : file.Variables[place];
    }
}
