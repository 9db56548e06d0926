namespace AccountGrid.Host.OperatorConsole;

/// <summary>Answers a form that was done: the browser goes to a page, and reloading that sends nothing again.</summary>
internal sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}
