using System.Net;

namespace AccountGrid.Host.Client;

/// <summary>An answer of the API that the caller cannot go on from.</summary>
public sealed class GridClientException(HttpStatusCode status, string code, string detail) : Exception($"{(int)status} {code}: {detail}")
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;
}
