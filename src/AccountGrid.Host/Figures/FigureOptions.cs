using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Figures;

/// <summary>The company's figures; section <c>Figures</c> of the configuration.</summary>
public sealed class FigureOptions
{
    /// <summary>
    /// Zone in which the company's days and months begin and end: an IANA name. A change counts from then on; a rebuild counts all days by it.
    /// </summary>
    [Required]
    [ShownSetting]
    public string Zone { get; set; } = "Asia/Shanghai";
}
