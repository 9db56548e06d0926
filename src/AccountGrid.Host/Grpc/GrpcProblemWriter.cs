namespace AccountGrid.Host.Grpc;

/// <summary>Keeps the first problem of a gRPC call in place of writing it: a client of gRPC reads a status, not a body.</summary>
internal sealed class GrpcProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => GrpcErrors.IsGrpc(context.HttpContext.Request);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var features = context.HttpContext.Features;
        if (features.Get<GrpcProblem>() is null)
        {
            features.Set(new GrpcProblem(context.ProblemDetails));
        }

        return ValueTask.CompletedTask;
    }
}
