"""The questions people ask, by subject. Sentences are French; the catalogues say them otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and its answer, in paragraphs."""

    asked: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject: its name in addresses, its title, what it is about, its questions."""

    name: str
    title: str
    about: str
    questions: tuple[Question, ...]


def _question(asked: str, *answer: str) -> Question:
    return Question(asked=asked, answer=answer)


TOPICS: tuple[Topic, ...] = (
    Topic(
        name="premiers-pas",
        title="Premiers pas",
        about="Ce qu’est le dossier, comment l’ouvrir, comment se connecter.",
        questions=(
            _question(
                "À quoi sert mon dossier médical partagé ?",
                "Il garde au même endroit vos documents de santé : ordonnances, comptes rendus, résultats.",
                "Vous choisissez quels professionnels peuvent les lire. Chaque lecture est notée.",
            ),
            _question(
                "Comment ouvrir mon dossier ?",
                "Connectez-vous avec votre identité numérique, puis donnez votre accord. Un guichet de "
                "l’assurance maladie ou une pharmacie peut aussi l’ouvrir avec vous.",
                "Personne ne peut ouvrir votre dossier sans votre accord.",
            ),
            _question(
                "Que se passe-t-il si je reste sans rien faire ?",
                "La session se ferme d’elle-même après quelques minutes. Une fois reconnecté, vous "
                "revenez à la page où vous étiez.",
            ),
        ),
    ),
    Topic(
        name="documents",
        title="Mes documents",
        about="Trouver, lire, ajouter et ranger des documents.",
        questions=(
            _question(
                "Comment retrouver un document ?",
                "Ouvrez « Documents ». Choisissez une catégorie, ou tapez un mot dans la recherche : "
                "elle lit aussi l’intérieur des documents et accepte les fautes de frappe.",
            ),
            _question(
                "Pourquoi un document manque-t-il ?",
                "Un dossier partagé peut être incomplet. Demandez à la personne qui vous a soigné de "
                "déposer le document.",
                "Certains résultats sont montrés après une annonce par un professionnel. Ils "
                "apparaissent d’eux-mêmes au bout d’un mois.",
            ),
            _question(
                "Un document contient une erreur. Que faire ?",
                "Ouvrez le document, puis « Ceci est faux ». Son auteur reçoit votre demande et doit vous "
                "répondre dans le mois. En attendant, vous pouvez masquer le document.",
            ),
            _question(
                "J’ai supprimé un document par erreur. Que faire ?",
                "Ouvrez « Documents », puis « Documents supprimés ». Un document que vous aviez ajouté "
                "se rétablit pendant trente jours.",
            ),
        ),
    ),
    Topic(
        name="confidentialite",
        title="Confidentialité",
        about="Choisir qui voit quoi.",
        questions=(
            _question(
                "Comment masquer un document ?",
                "Ouvrez le document, puis « Qui verra ce document ? ». Vous voyez l’effet avant de "
                "choisir, et vous pouvez annuler aussitôt.",
                "Un professionnel qui n’y a pas accès ne voit aucune trace du document masqué.",
            ),
            _question(
                "Qui peut encore lire un document masqué ?",
                "Vous, son auteur et votre médecin traitant.",
            ),
            _question(
                "Comment empêcher un professionnel d’entrer ?",
                "Ouvrez « Professionnels », puis « Bloquer ». Il ne pourra plus rien lire, même en "
                "urgence. Il ne saura pas pourquoi.",
            ),
            _question(
                "Comment ne plus recevoir de propositions de prévention ?",
                "Ouvrez « Prévention », puis « Ne plus me proposer ». Les professionnels voient toujours "
                "ce qui est recommandé.",
            ),
        ),
    ),
    Topic(
        name="acces",
        title="Qui a consulté mon dossier",
        about="Lire les traces, signaler un accès.",
        questions=(
            _question(
                "Comment savoir qui a ouvert mon dossier ?",
                "Ouvrez « Accès au dossier ». Chaque ligne dit qui, quand, ce qui a été fait et en "
                "vertu de quelle règle. Les refus et les urgences sont mis en évidence.",
            ),
            _question(
                "Un accès me surprend. Que faire ?",
                "Vérifiez d’abord le lieu : une équipe entière peut vous soigner. Si le doute reste, "
                "signalez l’accès et bloquez la personne.",
            ),
            _question(
                "Peut-on effacer une trace ?",
                "Non. Les traces sont scellées les unes aux autres : en retirer une se verrait.",
            ),
        ),
    ),
    Topic(
        name="urgence",
        title="En cas d’urgence",
        about="Ce que peuvent lire les médecins quand vous ne pouvez pas répondre.",
        questions=(
            _question(
                "Qui peut lire mon dossier en urgence ?",
                "Le médecin du SAMU lors d’un appel au 15, et tout médecin si vous ne pouvez pas vous "
                "exprimer. Il doit dire pourquoi, et vous en êtes averti.",
            ),
            _question(
                "Puis-je refuser ces accès ?",
                "Oui, dans « Mes choix ». Pensez-y bien : vos allergies et vos traitements ne seront "
                "alors pas lus.",
            ),
        ),
    ),
    Topic(
        name="proches",
        title="Agir pour un proche",
        about="Enfants, personnes protégées, proches aidants.",
        questions=(
            _question(
                "Comment voir le dossier de mon enfant ?",
                "Il apparaît dans « Choisir un profil » quand vous êtes son représentant légal. Un "
                "bandeau rappelle toujours pour qui vous agissez.",
            ),
            _question(
                "Mon adolescent peut-il garder un secret ?",
                "Oui. Il peut demander à un médecin que des soins ne soient pas montrés à ses parents.",
            ),
            _question(
                "Comment me faire aider par un proche ?",
                "Ouvrez « Proches », puis « Inviter un proche aidant ». Vous choisissez ce qu’il peut "
                "faire et jusqu’à quand. Vous pouvez y mettre fin à tout moment.",
            ),
        ),
    ),
    Topic(
        name="droits",
        title="Mes droits",
        about="Refuser, clôturer, supprimer, corriger, réclamer.",
        questions=(
            _question(
                "Puis-je refuser d’avoir un dossier ?",
                "Oui, à tout moment et sans donner de raison. Vos soins et vos remboursements n’en "
                "dépendent pas.",
            ),
            _question(
                "Que devient mon dossier si je le clôture ?",
                "Plus personne ne peut le lire. Il est gardé dix ans, puis supprimé. Pendant ce temps "
                "vous pouvez le réactiver, ou demander sa suppression.",
            ),
            _question(
                "À qui adresser une réclamation ?",
                "À l’exploitant du service d’abord. Ensuite à la CNIL pour vos données, ou au Défenseur "
                "des droits pour l’accessibilité.",
            ),
        ),
    ),
    Topic(
        name="professionnels",
        title="Pour les professionnels",
        about="Trouver un patient, consulter, déposer.",
        questions=(
            _question(
                "Comment ouvrir le dossier d’un patient ?",
                "Cherchez-le par son matricule INS. La première fois, indiquez comment il a donné son accord.",
            ),
            _question(
                "Pourquoi un dossier n’est-il pas accessible ?",
                "La réponse est la même quand il n’existe pas, quand il est clôturé et quand l’accès "
                "est refusé. Parlez-en avec votre patient.",
            ),
            _question(
                "Quand utiliser l’accès en urgence ?",
                "Quand le patient ne peut pas s’exprimer et que sa santé est en danger. Écrivez le "
                "motif : le patient et son médecin traitant sont avertis.",
            ),
        ),
    ),
    Topic(
        name="accessibilite",
        title="Lire plus facilement",
        about="Grandes lettres, contraste, version simplifiée, clavier.",
        questions=(
            _question(
                "Comment agrandir les lettres ?",
                "Ouvrez « Affichage » en bas de chaque page. Vous y réglez les lettres, les couleurs, "
                "le contraste et la langue.",
            ),
            _question(
                "Qu’est-ce que le français simplifié ?",
                "Les mêmes pages, avec des phrases plus courtes et des mots courants. Choisissez-le en "
                "bas de n’importe quelle page.",
            ),
            _question(
                "Puis-je tout faire au clavier ?",
                "Oui. La touche Tabulation va d’un élément au suivant, Entrée ouvre un lien, Espace "
                "coche une case. Le premier lien de chaque page saute le menu.",
            ),
        ),
    ),
)


def topic_named(name: str) -> Topic | None:
    """The subject with this name in addresses, or None."""
    return next((topic for topic in TOPICS if topic.name == name), None)
