using System.Net;
using System.Text.Json;

namespace AccountGrid.Client;

/// <summary>An answer of the grid that the caller cannot go on from: problem details (RFC 9457) with a stable code.</summary>
/// <param name="status">Status of the answer.</param>
/// <param name="code">Stable code; <c>unknown</c> where the answer was not the grid's, such as a proxy's page.</param>
/// <param name="detail">A sentence with the field, the value and what would be right.</param>
/// <param name="traceId">What the grid's log has its cause under; null where the answer names none.</param>
public sealed class GridException(HttpStatusCode status, string code, string detail, string? traceId = null) : Exception($"{(int)status} {code}: {detail}")
{
    /// <summary>The code of an answer that is not the grid's.</summary>
    public const string UnknownCode = "unknown";

    private const int DetailMax = 200;

    /// <summary>Status of the answer.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>A sentence with the field, the value and what would be right.</summary>
    public string Detail { get; } = detail;

    /// <summary>What the grid's log has its cause under; null where the answer names none.</summary>
    public string? TraceId { get; } = traceId;

    /// <summary>Reads a refusal.</summary>
    public static async Task<GridException> ReadAsync(HttpResponseMessage response, CancellationToken cancel = default)
    {
        var text = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        try
        {
            if (JsonSerializer.Deserialize(text, ClientJson.Default.Problem) is { Code: { } code } problem)
            {
                return new GridException(response.StatusCode, code, problem.Detail ?? problem.Title ?? "", problem.TraceId);
            }
        }
        catch (JsonException)
        {
            // Not the grid's: a proxy's page, say.
        }

        return new GridException(response.StatusCode, UnknownCode, text.Length > DetailMax ? text[..DetailMax] : text);
    }
}
