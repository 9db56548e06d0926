using Microsoft.AspNetCore.Mvc;

namespace AccountGrid.Host.Grpc;

/// <summary>A problem that a gRPC call is to be answered with, kept with its request until everything that looks at answers has seen its status.</summary>
internal sealed record GrpcProblem(ProblemDetails Details);
