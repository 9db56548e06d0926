using System.Text.Json.Nodes;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Files that operators send, and the file of a run of direct debit.</summary>
internal static class FilePages
{
    private const string RunFile = "/v1/direct-debit/runs/{channel}/{day}/file";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/files/{kind}", ConsoleEndpoints.Show(page => Task.FromResult(Find(page, out var model) ?? page.Show<FilePage>(model))));
        pages.MapPost("/files/{kind}", ConsoleEndpoints.Act(SendAsync));
        pages.MapGet("/debits/{channel}/{day}/file", ConsoleEndpoints.Show(RunFileAsync));
    }

    private static async Task<IResult> SendAsync(ConsolePage page, IFormCollection form)
    {
        if (Find(page, out var model) is { } missing)
        {
            return missing;
        }

        if (form.Files.GetFile("file") is not { Length: > 0 } file)
        {
            return page.Show<FilePage>(model with { Error = page.T["wrong.missing"] }, 422);
        }

        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        var path = model.Kind.Pattern.Replace("{channel}", Uri.EscapeDataString(model.Channel ?? ""), StringComparison.Ordinal);
        var answer = await page.SendAsync("POST", path, new ConsoleFile(bytes.ToArray(), model.Kind.Type));
        var body = answer.ContentType.Contains("json", StringComparison.Ordinal) ? answer.Read<JsonObject>() : [];
        return answer.IsGood
            ? page.Show<FilePage>(model with { Answer = [.. body.Where(m => m.Value is not null).Select(m => (m.Key, TextOf(m.Value!)))] })
            : page.Show<FilePage>(
                model with
                {
                    Error = $"{answer.Problem.Detail} ({answer.Problem.Code})",
                    Errors = [.. (body["errors"] as JsonArray ?? []).Select(e => $"{e}")],
                },
                answer.Status);
    }

    /// <summary>The page that says so where there is no such kind, or the operator's role may not send it.</summary>
    private static IResult? Find(ConsolePage page, out FileModel model)
    {
        var kind = FileKind.All.FirstOrDefault(k => k.Name == page.Route("kind"));
        var channel = page.Query("channel")[0].Value;
        model = new(kind!, channel);
        var status = kind is null || kind.IsOfChannel != channel is not null ? 404 : page.Can("POST", kind.Pattern) ? 0 : 403;
        return status == 0 ? null : page.Show<ErrorPage>(new ErrorModel(status), status);
    }

    /// <summary>Bank accounts in the clear: each look is in the audit trail.</summary>
    private static async Task<IResult> RunFileAsync(ConsolePage page)
    {
        var (channel, day) = (page.Route("channel"), page.Route("day"));
        var answer = await page.SendAsync("GET", RunFile.Replace("{channel}", Uri.EscapeDataString(channel), StringComparison.Ordinal)
            .Replace("{day}", Uri.EscapeDataString(day), StringComparison.Ordinal));
        return answer.IsGood ? TypedResults.Bytes(answer.Body, answer.ContentType, $"{channel}-{day}") : ConsoleEndpoints.Refused(page, answer);
    }

    private static string TextOf(JsonNode value) => value is JsonArray list ? string.Join("; ", list.Select(e => $"{e}")) : $"{value}";
}
