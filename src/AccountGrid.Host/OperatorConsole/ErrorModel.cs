namespace AccountGrid.Host.OperatorConsole;

/// <param name="Status">401, 403, 404, 429, 500 or 503: any other is shown as 500.</param>
/// <param name="Detail">What the API said; empty is a general text.</param>
public sealed record ErrorModel(int Status, string Detail = "")
{
    public int Status { get; } = Status is 401 or 403 or 404 or 429 or 503 ? Status : 500;
}
