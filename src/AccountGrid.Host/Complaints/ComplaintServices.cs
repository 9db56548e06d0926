namespace AccountGrid.Host.Complaints;

/// <summary>The services of complaints.</summary>
internal static class ComplaintServices
{
    public static IServiceCollection AddComplaints(this IServiceCollection services) => services
        .AddSingleton<ComplaintStore>().AddSingleton<ComplaintRegister>().AddSingleton<ComplaintBookkeeper>()
        .AddHostedService(s => s.GetRequiredService<ComplaintBookkeeper>());
}
