namespace AccountGrid.Host.OperatorConsole;

/// <summary>A kind of file that operators send: a request of the API with the file as its body. The same file again has no effect.</summary>
/// <param name="Name">In addresses and texts.</param>
/// <param name="Pattern">The API's route; <c>{channel}</c> is the channel that it is of.</param>
/// <param name="Type">Content type of the body.</param>
public sealed record FileKind(string Name, string Pattern, string Type)
{
    public static IReadOnlyList<FileKind> All { get; } =
    [
        new("settlement", "/v1/channels/{channel}/settlements", "application/octet-stream"),
        new("debit-results", "/v1/direct-debit/results/{channel}", "application/octet-stream"), new("assignments", "/v1/assignments", "text/csv"),
    ];

    public bool IsOfChannel => Pattern.Contains("{channel}", StringComparison.Ordinal);
}
