namespace AccountGrid.Host.Http;

/// <summary>How the API reads, answers and describes itself.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddMemoryCache().AddSingleton<NotNowLog>()
        .AddProblemDetails(p => p.CustomizeProblemDetails = Problems.Customize)
        .AddRequestTimeouts(t => t.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(100), TimeoutStatusCode = 503 })
        .ConfigureHttpJsonOptions(o => ApiJson.Strict(o.SerializerOptions))
        .Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true)
        .AddOpenApi("v1", o => o.AddDocumentTransformer<ApiDocument>());
}
