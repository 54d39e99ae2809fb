"""Invented names: family names, and given names as they were in fashion when a person was born.

Any resemblance with a living person is chance: names are drawn, never taken from a register.
"""

from __future__ import annotations

from random import Random
from typing import Final

from dmp.domain.identity.patient import Sex

_FAMILY_NAMES = (
    "Abadie Achard Allard Amara Andrieux Arnaud Aubert Auger Ayad Bailly Baptiste Barbier "
    "Baron Bataille Baudry Belkacem Benali Bernard Berthelot Besson Blanchard Bonnefoy Boucher "
    "Boulanger Bourgeois Bouvier Breton Briand Brunel Caillaud Carlier Caron Castel Chabert "
    "Chapuis Charpentier Chauvin Chevallier Colin Cordier Costa Coulibaly Courtois "
    "Daniel Delattre Delmas Deschamps Diallo Diarra Doucet Dubois Dumas Duret Duval Esteve "
    "Evrard Fabre Faure Fernandes Ferrand Fleury Fofana Forestier Fournier Gaillard Garcia "
    "Gauthier Germain Gilbert Girard Gomes Grenier Guerin Guichard Guyot Hamel Haddad Hamidi "
    "Herve Huet Humbert Imbert Jacquet Jourdan Julien Keita Klein Lacombe Lacroix Lafont "
    "Lamarque Lambert Lebrun Leconte Lefort Legrand Lemaire Lenoir Leroux Lopes Louvet Mahe "
    "Mallet Marchand Marechal Marty Masson Mercier Meunier Millet Monnier Moreau Morin Nguyen "
    "Normand Ollivier Pages Parent Pasquier Pelletier Peltier Perret Perrin Pham Picard Pichon "
    "Poirier Pons Poulain Prevost Quentin Raynaud Regnier Renard Ribeiro Rigaud Rolland Rossi "
    "Roussel Sabatier Salmon Sanchez Sauvage Schmitt Seguin Sissoko Tanguy Tessier Texier "
    "Thibault Toussaint Tran Vallet Vasseur Verdier Vidal Villard Voisin Wagner Weber Ziani"
)
FAMILY_NAMES: Final = tuple(_FAMILY_NAMES.split())
_COMPOUND_FAMILY_NAMES: Final = ("Da Silva", "Le Goff", "De La Fontaine", "Saint Martin")

# The first year of a period, then the names of girls and of boys.
_PERIODS: Final = (
    (
        1900,
        "Jeanne Marcelle Yvonne Simone Denise Paulette Odette Madeleine Germaine Suzanne Lucienne "
        "Renée Andrée Ginette Raymonde",
        "Marcel André Roger René Maurice Robert Henri Lucien Georges Raymond Fernand Émile Albert "
        "Gaston Eugène",
    ),
    (
        1940,
        "Monique Françoise Jacqueline Michèle Nicole Josette Danielle Colette Arlette Annie "
        "Christiane Claudine Huguette Bernadette Éliane",
        "Jean Michel Pierre Claude Gérard Bernard Jacques Daniel Guy Christian Serge Alain "
        "Jean-Pierre Francis Roland",
    ),
    (
        1955,
        "Martine Sylvie Brigitte Catherine Chantal Véronique Patricia Isabelle Évelyne Dominique "
        "Corinne Pascale Nadine Marie-Christine Joëlle",
        "Philippe Patrick Didier Thierry Pascal Éric Gilles Marc Denis Bruno Hervé Yves "
        "Jean-Luc Laurent Olivier",
    ),
    (
        1970,
        "Nathalie Sandrine Stéphanie Karine Céline Delphine Virginie Valérie Séverine Laetitia "
        "Samia Fatima Aurélie Christelle Sabrina",
        "Christophe Stéphane David Sébastien Frédéric Nicolas Jérôme Cédric Arnaud Ludovic Karim "
        "Mohamed Fabrice Franck Emmanuel",
    ),
    (
        1985,
        "Julie Élodie Émilie Marine Pauline Camille Laura Mélanie Amandine Charlotte Anaïs Sarah "
        "Claire Aminata Nadia",
        "Julien Thomas Alexandre Maxime Romain Antoine Kévin Quentin Florian Mathieu Guillaume "
        "Mehdi Benjamin Anthony Ibrahim",
    ),
    (
        2000,
        "Léa Manon Chloé Emma Inès Océane Lucie Jade Clara Zoé Lina Maëlys Lilou Yasmine Eva",
        "Hugo Lucas Enzo Théo Nathan Clément Mathis Louis Yanis Adam Rayan Noé Tom Ethan Axel",
    ),
    (
        2013,
        "Louise Alice Ambre Rose Alba Mia Anna Romy Agathe Iris Nour Aya Adèle Margaux Julia",
        "Gabriel Léo Raphaël Jules Maël Arthur Liam Noah Isaac Sacha Ismaël Marius Naël Eliott "
        "Malo",
    ),
)


def family_name(rng: Random) -> str:
    """A family name."""
    if rng.random() < 0.03:
        return rng.choice(_COMPOUND_FAMILY_NAMES)
    return rng.choice(FAMILY_NAMES)


def given_names(rng: Random, sex: Sex, year: int) -> str:
    """One to three birth first names of that year, blank between them, all different."""
    girls, boys = next((g, b) for start, g, b in reversed(_PERIODS) if start <= year)
    pool = (girls if sex is Sex.FEMALE else boys).split()
    return " ".join(rng.sample(pool, rng.choice((1, 2, 2, 3))))
