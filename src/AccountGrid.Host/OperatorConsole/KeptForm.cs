using AccountGrid.Host.Security;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// The form of an action that was sent when its session was over. The sign-in carries it, and afterwards it is shown again as it was; nothing of it was done.
/// </summary>
/// <param name="Id">Of what it is done with; null for the grid itself.</param>
/// <param name="Key">Its idempotency key: should it have been sent before, it is the same.</param>
/// <param name="Entered">What was entered, by field; never a password.</param>
public sealed record KeptForm(ConsoleAction Action, string? Id, string Back, string Key, IReadOnlyDictionary<string, string> Entered)
{
    /// <summary>Largest form that is kept, bytes.</summary>
    private const int BytesMax = 64 << 10;

    private const string Prefix = "keep.";

    /// <summary>The fields of the sign-in's form that carry it.</summary>
    public IEnumerable<(string Name, string Value)> Fields =>
    [
        ($"{Prefix}action", Action.Name), ($"{Prefix}id", Id ?? ""), ($"{Prefix}back", Back), ($"{Prefix}key", Key),
        .. Entered.Select(e => ($"{Prefix}f.{e.Key}", e.Value)),
    ];

    /// <summary>What the sign-in's form carries; null is nothing.</summary>
    public static KeptForm? Read(IFormCollection form) => Read(
        form[$"{Prefix}action"].ToString(), form[$"{Prefix}id"].ToString() is { Length: > 0 } id ? id : null, form, Prefix);

    /// <summary>
    /// Middleware before rights are asked for: a form of an action whose session is over, and which a page of that session made, comes back with the sign-in.
    /// Another site's form has no mark of the session, and is not kept.
    /// </summary>
    public static async Task KeepAsync(HttpContext http, RequestDelegate next)
    {
        const string Actions = $"{OperatorSessionHandler.Path}/do/";
        if (!HttpMethods.IsPost(http.Request.Method) || http.User.Identity?.IsAuthenticated == true || http.Request.Path.Value is not { } path
            || !path.StartsWith(Actions, StringComparison.Ordinal) || OperatorSessionHandler.TokenOf(http.Request) is not { } token
            || !http.Request.HasFormContentType || http.Request.ContentLength is null or > BytesMax)
        {
            await next(http);
            return;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var kept = ConsoleForms.IsOwn(http.Request, form, http.RequestServices.GetRequiredService<OperatorSessions>().FormToken(token))
            ? Read(path[Actions.Length..], http.Request.Query["id"].ToString() is { Length: > 0 } id ? id : null, form, "")
            : null;
        await (kept is null ? next(http) : SignInEndpoints.Keeping(http, kept).ExecuteAsync(http));
    }

    private static KeptForm? Read(string action, string? id, IFormCollection form, string prefix) =>
        ConsoleActions.Find(action) is not { HasSecret: false } known || form[$"{prefix}key"].ToString() is not { Length: 32 } key
            || !key.All(char.IsAsciiHexDigitLower)
            ? null
            : new(known, id, ConsoleLinks.Back(form[$"{prefix}back"]), key,
                known.Fields.ToDictionary(f => f.Name, f => form[$"{prefix}f.{f.Name}"].ToString()));
}
